import type { ChannelWords, FieldWords, Language } from '../connection.ts'
import { META_WORDS } from '../meta/words.ts'

const words = (language: Language, about: string, accountId: FieldWords): ChannelWords => {
  const shared = META_WORDS[language]
  return { ...shared, label: 'Messenger', about, fields: { ...shared.fields, accountId } }
}

/** How this channel tells about itself, and about what it asks for. */
export const MESSENGER_WORDS: Record<Language, ChannelWords> = {
  'pt-BR': words('pt-BR', 'As conversas do Messenger de uma página do Facebook.', {
    label: 'ID da página',
    hint: 'Na página do Facebook, em Sobre › Transparência da página, ou no painel da Meta, em Messenger.',
  }),
  en: words('en', 'The Messenger conversations of a Facebook page.', {
    label: 'Page ID',
    hint: 'On the Facebook page, under About › Page transparency, or in Meta’s dashboard, under Messenger.',
  }),
  es: words('es', 'Las conversaciones de Messenger de una página de Facebook.', {
    label: 'ID de la página',
    hint: 'En la página de Facebook, en Información › Transparencia, o en el panel de Meta, en Messenger.',
  }),
}
