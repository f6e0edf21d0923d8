import type { ChannelWords, FieldWords, Language } from '../connection.ts'
import { META_WORDS } from '../meta/words.ts'

interface Own {
  about: string
  options: Record<'instagram' | 'facebook', string>
  fields: Record<'accountId' | 'pageId' | 'login', FieldWords>
}

const words = (language: Language, { about, options, fields }: Own): ChannelWords => {
  const shared = META_WORDS[language]
  return { ...shared, label: 'Instagram', about, options, fields: { ...shared.fields, ...fields } }
}

/** How this channel tells about itself, and about what it asks for. */
export const INSTAGRAM_WORDS: Record<Language, ChannelWords> = {
  'pt-BR': words('pt-BR', {
    about: 'As mensagens diretas de um perfil profissional do Instagram.',
    options: { instagram: 'Login do Instagram', facebook: 'Login do Facebook, pela página vinculada' },
    fields: {
      accountId: {
        label: 'ID da conta do Instagram',
        hint: 'Começa com 17841. No painel da Meta, em Instagram › Configuração da API.',
      },
      pageId: {
        label: 'ID da página vinculada',
        hint: 'Só com o login do Facebook: a página à qual este perfil está ligado.',
      },
      login: { label: 'Como o perfil foi autorizado', hint: 'Decide por qual endereço da Meta as mensagens saem.' },
    },
  }),
  en: words('en', {
    about: 'The direct messages of a professional Instagram profile.',
    options: { instagram: 'Instagram Login', facebook: 'Facebook Login, through the linked page' },
    fields: {
      accountId: {
        label: 'Instagram account ID',
        hint: 'Begins with 17841. In Meta’s dashboard, under Instagram › API setup.',
      },
      pageId: {
        label: 'ID of the linked page',
        hint: 'With Facebook Login only: the page that this profile is linked to.',
      },
      login: { label: 'How the profile was authorized', hint: 'Decides by which address of Meta’s messages leave.' },
    },
  }),
  es: words('es', {
    about: 'Los mensajes directos de un perfil profesional de Instagram.',
    options: {
      instagram: 'Inicio de sesión de Instagram',
      facebook: 'Inicio de sesión de Facebook, por la página vinculada',
    },
    fields: {
      accountId: {
        label: 'ID de la cuenta de Instagram',
        hint: 'Empieza con 17841. En el panel de Meta, en Instagram › Configuración de la API.',
      },
      pageId: {
        label: 'ID de la página vinculada',
        hint: 'Solo con el inicio de sesión de Facebook: la página a la que está unido este perfil.',
      },
      login: { label: 'Cómo se autorizó el perfil', hint: 'Decide por qué dirección de Meta salen los mensajes.' },
    },
  }),
}
