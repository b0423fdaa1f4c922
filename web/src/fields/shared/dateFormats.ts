/** The first is how a date is shown; all are understood when typed. */
export const DATES = ['YYYY-MM-DD', 'YYYY-M-D', 'YYYY/M/D', 'YYYY.M.D', 'YYYY年M月D日', 'YYYYMMDD']

const clocks = ['HH:mm', 'H:mm']
/** A day without an hour is its midnight. */
export const MOMENTS = [...DATES.flatMap((day) => clocks.map((clock) => `${day} ${clock}`)), ...DATES]
