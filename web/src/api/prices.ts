import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api } from './client'
import { keys } from './queryClient'

/** What a product costs somebody on a day. Amounts are exact text; null where there is none in that currency. */
export interface Price {
  product: string
  unit: string | null
  /** Null where the viewer may not know. */
  active: boolean | null
  tax_rate: string | null
  currency: string
  tax_included: boolean
  price: string | null
  list_price: string | null
  origin: 'price_book' | 'list_price' | 'components' | null
  book: { id: string; name: string } | null
  min_quantity: string | null
  max_discount: string | null
}

export interface PriceQuestion {
  product: string | undefined
  customer?: string
  currency?: string
  quantity?: string
  date?: string
  tax_included?: boolean
}

/** Asked as soon as there is a product; read again when prices change. */
export function usePrice(asked: PriceQuestion) {
  return useQuery({
    queryKey: keys.aggregate('price_item', { price: asked }),
    queryFn: ({ signal }) => api.get<Price>('/figures/price', { query: { ...asked }, signal }),
    enabled: asked.product !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
  })
}
