import type { ChannelWords, Language } from '../connection.ts'

/** How this channel tells about itself, and about what it asks for: the token is all there is. */
export const TELEGRAM_WORDS: Record<Language, ChannelWords> = {
  'pt-BR': {
    label: 'Telegram',
    about: 'Um bot do Telegram: quem escreve para ele fala com a equipe.',
    check:
      'Pergunta ao Telegram pelo bot e por onde ele nos avisa, e acerta o que faltar. Também acontece sozinho, a cada hora.',
    fixes: {
      token: 'No @BotFather, em /mybots › API Token, copie o token e salve-o em “Credenciais”.',
      account: 'Este token é de outro bot. Conecte o outro bot como um número novo.',
      webhook: 'Verifique de novo em instantes: o Telegram guarda por 24 horas o que ainda não entregou.',
    },
    fields: {
      accessToken: {
        label: 'Token do bot',
        hint: 'No Telegram, converse com o @BotFather: /newbot cria um bot, /mybots mostra os que já existem. É guardado cifrado e não é mostrado de novo.',
      },
    },
  },
  en: {
    label: 'Telegram',
    about: 'A Telegram bot: whoever writes to it speaks with the team.',
    check:
      'Asks Telegram about the bot and about where it tells us, and puts right what is missing. This also happens by itself, every hour.',
    fixes: {
      token: 'At @BotFather, under /mybots › API Token, copy the token and save it under “Credentials”.',
      account: 'This token is of another bot. Connect the other bot as a new number.',
      webhook: 'Check again in a moment: for 24 hours Telegram keeps what it has not delivered.',
    },
    fields: {
      accessToken: {
        label: 'Bot token',
        hint: 'On Telegram, talk to @BotFather: /newbot creates a bot, /mybots shows those that you have. It is stored encrypted and not shown again.',
      },
    },
  },
  es: {
    label: 'Telegram',
    about: 'Un bot de Telegram: quien le escribe habla con el equipo.',
    check:
      'Pregunta a Telegram por el bot y por dónde nos avisa, y corrige lo que falte. También ocurre solo, cada hora.',
    fixes: {
      token: 'En @BotFather, en /mybots › API Token, copie el token y guárdelo en “Credenciales”.',
      account: 'Este token es de otro bot. Conecte el otro bot como un número nuevo.',
      webhook: 'Verifique de nuevo en un momento: Telegram guarda 24 horas lo que no pudo entregar.',
    },
    fields: {
      accessToken: {
        label: 'Token del bot',
        hint: 'En Telegram, hable con @BotFather: /newbot crea un bot, /mybots muestra los que ya existen. Se guarda cifrado y no se muestra de nuevo.',
      },
    },
  },
}
