/** So many lines a card has room for; `home.module.css` has their height. */
export const ROWS = 6
