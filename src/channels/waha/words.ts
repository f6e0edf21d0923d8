import type { ChannelWords, Language } from '../connection.ts'

/** How this channel tells about itself, and about what it asks for. */
export const WAHA_WORDS: Record<Language, ChannelWords> = {
  'pt-BR': {
    label: 'WhatsApp por QR code (WAHA)',
    about: 'Um número que continua no celular, ligado por QR code através de um servidor WAHA da sua empresa.',
    notice:
      'Não é a API oficial: o WhatsApp pode banir o número, e não há modelos, janela de resposta nem suporte da Meta. Envie no ritmo de uma pessoa e só a quem espera a sua mensagem.',
    fields: {
      serverUrl: {
        label: 'Endereço do servidor WAHA',
        hint: 'Como https://waha.suaempresa.com.br. O servidor é da sua empresa.',
      },
      accessToken: {
        label: 'Chave de API',
        hint: 'A do servidor (WAHA_API_KEY). É guardada cifrada e não é mostrada de novo.',
      },
      session: {
        label: 'Nome da sessão',
        hint: 'Se já existir no servidor, ela é usada; se não, é criada. No WAHA gratuito, “default”.',
      },
    },
    check:
      'Pergunta ao servidor pela chave, pela sessão e pelo endereço em que ele nos avisa, e cria ou corrige o que faltar. Também acontece sozinho, a cada hora.',
    fixes: {
      token: 'Confira a chave de API no servidor e salve-a em “Credenciais”.',
      account: 'O celular não está conectado: gere um código e escaneie-o com o celular.',
      webhook: 'Verifique de novo; se continuar, confira se o servidor alcança este endereço.',
    },
  },
  en: {
    label: 'WhatsApp by QR code (WAHA)',
    about: 'A number that stays on its phone, linked by QR code through your company’s own WAHA server.',
    notice:
      'This is not the official API: WhatsApp may ban the number, and there are no templates, no reply window and no support from Meta. Write at a person’s pace, and only to people who expect it.',
    fields: {
      serverUrl: {
        label: 'Address of the WAHA server',
        hint: 'Such as https://waha.yourcompany.com. The server is your company’s.',
      },
      accessToken: {
        label: 'API key',
        hint: 'The server’s (WAHA_API_KEY). It is stored encrypted and never shown again.',
      },
      session: {
        label: 'Name of the session',
        hint: 'If the server has it, it is used; else it is created. In the free WAHA, “default”.',
      },
    },
    check:
      'Asks the server about the key, the session and the address where it tells us, and makes or mends what is missing. This also happens by itself, every hour.',
    fixes: {
      token: 'Check the API key on the server and save it under “Credentials”.',
      account: 'The phone is not connected: ask for a code and scan it with the phone.',
      webhook: 'Check again; if it stays, see whether the server reaches this address.',
    },
  },
  es: {
    label: 'WhatsApp por código QR (WAHA)',
    about: 'Un número que sigue en su teléfono, vinculado por código QR a través de un servidor WAHA de su empresa.',
    notice:
      'No es la API oficial: WhatsApp puede bloquear el número, y no hay plantillas, ventana de respuesta ni soporte de Meta. Escriba al ritmo de una persona y solo a quien espera su mensaje.',
    fields: {
      serverUrl: {
        label: 'Dirección del servidor WAHA',
        hint: 'Como https://waha.suempresa.com. El servidor es de su empresa.',
      },
      accessToken: {
        label: 'Clave de API',
        hint: 'La del servidor (WAHA_API_KEY). Se guarda cifrada y no se muestra de nuevo.',
      },
      session: {
        label: 'Nombre de la sesión',
        hint: 'Si el servidor ya la tiene, se usa; si no, se crea. En el WAHA gratuito, “default”.',
      },
    },
    check:
      'Pregunta al servidor por la clave, la sesión y la dirección en que nos avisa, y crea o corrige lo que falte. También ocurre solo, cada hora.',
    fixes: {
      token: 'Revise la clave de API en el servidor y guárdela en “Credenciales”.',
      account: 'El teléfono no está conectado: genere un código y escanéelo con el teléfono.',
      webhook: 'Verifique de nuevo; si sigue, compruebe que el servidor alcance esta dirección.',
    },
  },
}
