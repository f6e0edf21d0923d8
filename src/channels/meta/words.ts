/** What Meta's three channels say alike: the app that calls us, and what helps where it does not. */
import type { ChannelWords, FieldWords, Language } from '../connection.ts'

/** Of every channel that is reached through an app of Meta's. */
export const APP_FIELDS = [
  { name: 'accessToken', kind: 'secret', required: true },
  { name: 'appSecret', kind: 'secret', required: true },
  { name: 'appId', kind: 'id', required: true },
] as const

export const HUMAN_AGENT_FIELD = { name: 'humanAgent', kind: 'switch', required: false } as const

type Shared = Pick<ChannelWords, 'tell' | 'check' | 'fixes'> & {
  fields: Record<'appId' | 'accessToken' | 'appSecret' | 'humanAgent', FieldWords>
}

export const META_WORDS: Record<Language, Shared> = {
  'pt-BR': {
    tell: 'No painel do app, em Webhooks, cole este endereço e este token de verificação. O botão do próximo passo tenta fazer isso sozinho.',
    check:
      'Pergunta à Meta pelo token, pelas permissões e pela inscrição, e inscreve de novo o que faltar. Também acontece sozinho, a cada hora.',
    fixes: {
      token: 'Gere um token novo e salve-o em “Credenciais”.',
      permissions: 'Dê ao app as permissões de mensagens e gere o token de novo.',
      account: 'Confira o ID da conta, e se o token é do mesmo app.',
      subscription: 'Verifique de novo; se continuar, inscreva a conta no painel do app.',
      webhook: 'Cole o endereço e o token do passo 1 no painel do app.',
    },
    fields: {
      appId: {
        label: 'ID do app',
        hint: 'No alto do painel do app, na Meta. Diz quais números chegam pelo mesmo endereço.',
      },
      accessToken: {
        label: 'Token de acesso',
        hint: 'De preferência o de um usuário do sistema, que não vence. É guardado cifrado e não é mostrado de novo.',
      },
      appSecret: {
        label: 'Chave secreta do app',
        hint: 'Em Configurações do app › Básico. Com ela conferimos que quem chama é mesmo a Meta.',
      },
      humanAgent: {
        label: 'O app tem a permissão “human_agent”',
        hint: 'Com ela uma pessoa pode responder até 7 dias depois da última mensagem do cliente, em vez de 24 horas.',
      },
    },
  },
  en: {
    tell: 'In the app’s dashboard, under Webhooks, paste this address and this verify token. The button of the next step tries to do it for you.',
    check:
      'Asks Meta about the token, the permissions and the subscription, and subscribes again where it is missing. This also happens by itself, every hour.',
    fixes: {
      token: 'Create a new token and save it under “Credentials”.',
      permissions: 'Give the app the messaging permissions, and create the token again.',
      account: 'Check the account ID, and whether the token is of the same app.',
      subscription: 'Check again; if it stays, subscribe the account in the app’s dashboard.',
      webhook: 'Paste the address and the token of step 1 into the app’s dashboard.',
    },
    fields: {
      appId: {
        label: 'App ID',
        hint: 'At the top of the app’s dashboard at Meta. Tells which numbers arrive at the same address.',
      },
      accessToken: {
        label: 'Access token',
        hint: 'Preferably a system user’s, which does not expire. It is stored encrypted and not shown again.',
      },
      appSecret: {
        label: 'App secret',
        hint: 'Under App settings › Basic. With it we check that it is really Meta who calls.',
      },
      humanAgent: {
        label: 'The app has the “human_agent” permission',
        hint: 'With it a person may answer up to 7 days after the customer’s last message, instead of 24 hours.',
      },
    },
  },
  es: {
    tell: 'En el panel de la app, en Webhooks, pegue esta dirección y este token de verificación. El botón del paso siguiente intenta hacerlo por usted.',
    check:
      'Pregunta a Meta por el token, los permisos y la suscripción, y suscribe de nuevo lo que falte. También ocurre solo, cada hora.',
    fixes: {
      token: 'Genere un token nuevo y guárdelo en “Credenciales”.',
      permissions: 'Dé a la app los permisos de mensajes y genere el token de nuevo.',
      account: 'Revise el ID de la cuenta y si el token es de la misma app.',
      subscription: 'Verifique de nuevo; si sigue, suscriba la cuenta en el panel de la app.',
      webhook: 'Pegue la dirección y el token del paso 1 en el panel de la app.',
    },
    fields: {
      appId: {
        label: 'ID de la app',
        hint: 'Arriba en el panel de la app, en Meta. Dice qué números llegan por la misma dirección.',
      },
      accessToken: {
        label: 'Token de acceso',
        hint: 'De preferencia el de un usuario del sistema, que no vence. Se guarda cifrado y no se muestra de nuevo.',
      },
      appSecret: {
        label: 'Clave secreta de la app',
        hint: 'En Configuración de la app › Básica. Con ella comprobamos que quien llama es Meta.',
      },
      humanAgent: {
        label: 'La app tiene el permiso “human_agent”',
        hint: 'Con él una persona puede responder hasta 7 días después del último mensaje del cliente, en lugar de 24 horas.',
      },
    },
  },
}
