/** Where a person is looked at, and which part of what is known of them. */

export const TABS = ['comments', 'groups', 'data', 'history'] as const
export type Tab = (typeof TABS)[number]

/** Which person, and from where they are looked at: a conversation, or nowhere in particular. */
export interface Place {
  contactId: string
  conversationId: string | null
}

export const tabHref = ({ contactId, conversationId }: Place, tab: Tab) =>
  conversationId ? `/conversations/${conversationId}?panel=contact&tab=${tab}` : `/contacts/${contactId}?tab=${tab}`
