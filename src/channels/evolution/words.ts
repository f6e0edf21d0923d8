import type { ChannelWords, Language } from '../connection.ts'

/** What Baileys calls the ways in which a connection ends; those that it mends by itself are one to us. */
const lost = (words: Record<'away' | 'out' | 'banned' | 'replaced' | 'notScanned', string>) => ({
  ...Object.fromEntries(['disconnected', '408', '428', '500', '503', '515'].map((code) => [code, words.away])),
  '401': words.out,
  unlinked: words.out,
  '403': words.banned,
  '440': words.replaced,
  code_limit: words.notScanned,
})

/** How this channel tells about itself, and about what it asks for. The licence of Evolution API asks that it is named. */
export const EVOLUTION_WORDS: Record<Language, ChannelWords> = {
  'pt-BR': {
    label: 'WhatsApp por QR code',
    about: 'Um número que continua no celular, ligado por QR code através de um servidor Evolution API da sua empresa.',
    notice:
      'Não é a API oficial: o WhatsApp pode banir o número, e não há modelos, janela de resposta nem suporte da Meta. Envie no ritmo de uma pessoa e só a quem espera a sua mensagem. Esta conexão usa a Evolution API (evolution-api.com).',
    fields: {
      serverUrl: {
        label: 'Endereço do servidor Evolution API',
        hint: 'Como https://evolution.suaempresa.com.br. O servidor é da sua empresa, e só este número fala com ele.',
      },
      accessToken: {
        label: 'Chave de API',
        hint: 'A chave global do servidor (AUTHENTICATION_API_KEY), ou a de uma instância que já existe. É guardada cifrada e não é mostrada de novo.',
      },
      instance: {
        label: 'Nome da instância',
        hint: 'Se já existir no servidor, ela é usada; se não, é criada. Letras, números, ponto, hífen e sublinhado.',
      },
    },
    check:
      'Pergunta ao servidor pela chave, pela instância e pelo endereço em que ele nos avisa, e cria ou corrige o que faltar. Também acontece sozinho, a cada hora.',
    fixes: {
      token: 'Confira a chave de API no servidor e salve-a em “Credenciais”.',
      account: 'O celular não está conectado: gere um código e escaneie-o com o celular.',
      webhook: 'Verifique de novo; se continuar, confira se o servidor alcança este endereço.',
    },
    lost: lost({
      away: 'A conexão com o celular caiu. O servidor tenta de novo sozinho; se não voltar, gere um código novo.',
      out: 'Este aparelho foi desconectado do celular. Gere um código novo e escaneie-o.',
      banned:
        'O WhatsApp recusou este número: ele pode ter sido banido. Abra o WhatsApp no celular e veja o que ele pede.',
      replaced: 'Outra conexão tomou o lugar desta. Confira se a instância não está ligada em outro servidor.',
      notScanned: 'O código não foi escaneado a tempo. Gere um código novo.',
    }),
  },
  en: {
    label: 'WhatsApp by QR code',
    about: 'A number that stays on its phone, linked by QR code through your company’s own Evolution API server.',
    notice:
      'This is not the official API: WhatsApp may ban the number, and there are no templates, no reply window and no support from Meta. Write at a person’s pace, and only to people who expect it. This connection uses Evolution API (evolution-api.com).',
    fields: {
      serverUrl: {
        label: 'Address of the Evolution API server',
        hint: 'Such as https://evolution.yourcompany.com. The server is your company’s, and only this number talks to it.',
      },
      accessToken: {
        label: 'API key',
        hint: 'The server’s global key (AUTHENTICATION_API_KEY), or that of an instance that exists. It is stored encrypted and never shown again.',
      },
      instance: {
        label: 'Name of the instance',
        hint: 'If the server has it, it is used; else it is created. Letters, digits, dot, hyphen and underscore.',
      },
    },
    check:
      'Asks the server about the key, the instance and the address at which it tells us of messages, and creates or corrects what is missing. This also happens by itself, every hour.',
    fixes: {
      token: 'Check the API key on the server and save it under “Credentials”.',
      account: 'The phone is not connected: create a code and scan it with the phone.',
      webhook: 'Check again; if it stays, make sure that the server can reach this address.',
    },
    lost: lost({
      away: 'The connection to the phone was lost. The server tries again by itself; if it does not come back, create a new code.',
      out: 'This device was disconnected from the phone. Create a new code and scan it.',
      banned:
        'WhatsApp refused this number: it may have been banned. Open WhatsApp on the phone and see what it asks for.',
      replaced:
        'Another connection took the place of this one. Make sure that the instance is not linked on another server.',
      notScanned: 'The code was not scanned in time. Create a new one.',
    }),
  },
  es: {
    label: 'WhatsApp por código QR',
    about:
      'Un número que sigue en su teléfono, vinculado por código QR a través de un servidor Evolution API de su empresa.',
    notice:
      'No es la API oficial: WhatsApp puede bloquear el número, y no hay plantillas, ventana de respuesta ni soporte de Meta. Escriba al ritmo de una persona y solo a quien espera su mensaje. Esta conexión usa Evolution API (evolution-api.com).',
    fields: {
      serverUrl: {
        label: 'Dirección del servidor Evolution API',
        hint: 'Como https://evolution.suempresa.com. El servidor es de su empresa, y solo este número habla con él.',
      },
      accessToken: {
        label: 'Clave de API',
        hint: 'La clave global del servidor (AUTHENTICATION_API_KEY), o la de una instancia que ya existe. Se guarda cifrada y no se muestra de nuevo.',
      },
      instance: {
        label: 'Nombre de la instancia',
        hint: 'Si el servidor ya la tiene, se usa; si no, se crea. Letras, números, punto, guion y guion bajo.',
      },
    },
    check:
      'Pregunta al servidor por la clave, la instancia y la dirección donde nos avisa, y crea o corrige lo que falte. También ocurre solo, cada hora.',
    fixes: {
      token: 'Revise la clave de API en el servidor y guárdela en “Credenciales”.',
      account: 'El teléfono no está conectado: genere un código y escanéelo con el teléfono.',
      webhook: 'Verifique de nuevo; si continúa, compruebe que el servidor alcance esta dirección.',
    },
    lost: lost({
      away: 'Se perdió la conexión con el teléfono. El servidor lo intenta de nuevo solo; si no vuelve, genere un código nuevo.',
      out: 'Este dispositivo fue desconectado del teléfono. Genere un código nuevo y escanéelo.',
      banned:
        'WhatsApp rechazó este número: puede haber sido bloqueado. Abra WhatsApp en el teléfono y vea qué le pide.',
      replaced: 'Otra conexión tomó el lugar de esta. Compruebe que la instancia no esté vinculada en otro servidor.',
      notScanned: 'El código no se escaneó a tiempo. Genere uno nuevo.',
    }),
  },
}
