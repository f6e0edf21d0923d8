import type { ChannelWords, FieldWords, Language } from '../connection.ts'
import { META_WORDS } from '../meta/words.ts'

const words = (
  language: Language,
  about: string,
  fields: Record<'accountId' | 'businessAccountId', FieldWords>,
): ChannelWords => {
  const shared = META_WORDS[language]
  return { ...shared, label: 'WhatsApp', about, fields: { ...shared.fields, ...fields } }
}

/** How this channel tells about itself, and about what it asks for. */
export const WHATSAPP_WORDS: Record<Language, ChannelWords> = {
  'pt-BR': words('pt-BR', 'Um número da API oficial (Cloud API) do WhatsApp Business.', {
    accountId: {
      label: 'ID do número de telefone',
      hint: 'No painel da Meta, em WhatsApp › Configuração da API. São só dígitos; não é o número em si.',
    },
    businessAccountId: {
      label: 'ID da conta do WhatsApp Business (WABA)',
      hint: 'Fica ao lado do ID do número. Serve para os modelos e para a Meta nos avisar das mensagens.',
    },
  }),
  en: words('en', 'A number on the official WhatsApp Business Cloud API.', {
    accountId: {
      label: 'Phone number ID',
      hint: 'In Meta’s dashboard, under WhatsApp › API setup. Digits only; it is not the number itself.',
    },
    businessAccountId: {
      label: 'WhatsApp Business Account ID (WABA)',
      hint: 'Next to the phone number ID. Needed for templates, and for Meta to tell us of messages.',
    },
  }),
  es: words('es', 'Un número de la API oficial (Cloud API) de WhatsApp Business.', {
    accountId: {
      label: 'ID del número de teléfono',
      hint: 'En el panel de Meta, en WhatsApp › Configuración de la API. Solo dígitos; no es el número en sí.',
    },
    businessAccountId: {
      label: 'ID de la cuenta de WhatsApp Business (WABA)',
      hint: 'Está junto al ID del número. Sirve para las plantillas y para que Meta nos avise de los mensajes.',
    },
  }),
}
