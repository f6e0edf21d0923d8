import { agent, customer, file, note, phone, type Story, said } from '../story.ts'

/** What the other stories have little of: each kind of message there is, in each channel, and what may become of it. */
export const EVERY_KIND: Story[] = [
  {
    customer: 'Helena Duarte',
    inbox: 'demo-wa-1',
    department: 'Vendas',
    assignee: 'ana',
    ago: '4h',
    tags: ['Novo cliente'],
    lines: [
      customer('Oi! Vi a promoção da linha Terra, ainda está valendo?', {
        content: {
          referral: {
            source: 'ad',
            title: 'Semana da mesa posta',
            body: 'Conjuntos de cerâmica com até 30% de desconto.',
            url: 'https://casaaurora.example/mesa-posta',
          },
        },
      }),
      agent('Oi, Helena! Está sim, até domingo. O que você procura?', 'read', {
        type: 'interactive',
        content: {
          buttons: {
            header: 'Linha Terra',
            footer: 'Casa Aurora',
            buttons: [
              { id: 'pratos', title: 'Pratos' },
              { id: 'panelas', title: 'Panelas' },
              { id: 'tudo', title: 'Ver tudo' },
            ],
          },
        },
      }),
      said('interactive', { choice: { title: 'Pratos', payload: 'pratos' } }, 'Pratos', { quotes: 1 }),
      agent('Temos estes conjuntos. É só escolher:', 'read', {
        type: 'interactive',
        content: {
          list: {
            button: 'Ver conjuntos',
            footer: 'Frete grátis acima de R$ 300',
            sections: [
              {
                title: 'Cerâmica',
                rows: [
                  { id: 'terra-16', title: 'Terra, 16 peças', description: 'Para quatro pessoas, em argila' },
                  { id: 'terra-24', title: 'Terra, 24 peças', description: 'Para seis pessoas, em argila' },
                ],
              },
              {
                title: 'Porcelana',
                rows: [{ id: 'lua-20', title: 'Lua, 20 peças', description: 'Branca, com friso' }],
              },
            ],
          },
        },
      }),
      said(
        'interactive',
        { choice: { title: 'Terra, 24 peças', description: 'Para seis pessoas, em argila', payload: 'terra-24' } },
        'Terra, 24 peças',
        { quotes: 3, reactions: { team: '😍' } },
      ),
      said('order', {
        order: {
          items: [
            { id: 'TERRA-24', quantity: 1, price: 489, currency: 'BRL' },
            { id: 'BOWL-TERRA', quantity: 6, price: 34.9, currency: 'BRL' },
          ],
        },
      }),
      said('location', {
        location: {
          latitude: -23.55532,
          longitude: -46.68914,
          name: 'Casa da Helena',
          address: 'Rua Girassol, 318, Vila Madalena, São Paulo',
        },
      }),
      said('contacts', {
        contacts: [
          {
            name: 'Seu Nivaldo (portaria)',
            organization: 'Edifício Ipê Amarelo',
            phones: [
              { number: '+5511900000412', label: 'WORK' },
              { number: '+55 11 4000-0412', label: 'HOME' },
            ],
            emails: ['portaria@ipeamarelo.example'],
          },
        ],
      }),
      said(
        'interactive',
        {
          form: {
            name: 'entrega',
            fields: [
              { name: 'dia_da_entrega', value: 'Sábado' },
              { name: 'período', value: 'Manhã' },
              { name: 'observação', value: 'Deixar com o porteiro' },
            ],
          },
        },
        'Sent',
      ),
      file('audio', null, { of: { voice: true } }),
      agent('Perfeito, Helena! Entrega no sábado de manhã, com o Seu Nivaldo.', 'read', {
        quotes: 9,
        reactions: { customer: '🙏' },
      }),
      customer('Olha essa receita que minha irmã mandou: https://receitas.example/pao-de-queijo', {
        content: { forwarded: 'often' },
      }),
      customer('Ficou linda a mesa!', { edited: true, reactions: { team: '❤️', lost: true } }),
      customer('', { deleted: true }),
      file('video', 'Olha como ficou', { content: { forwarded: 'once' } }),
      file('sticker'),
      phone('Que lindeza, Helena! Posso usar a foto no nosso perfil?'),
      said('button', { choice: { title: 'Pode usar', payload: 'uso-de-imagem' } }, 'Pode usar'),
      note('call', {}, { after: '20m' }),
      note('security_code_changed', {}, { after: '1d' }),
      agent('Helena, seu pedido *48511* saiu para entrega e chega hoje até as 12h.', 'delivered', {
        after: '2h',
        type: 'template',
        content: {
          template: {
            name: 'pedido_saiu',
            language: 'pt_BR',
            header: 'Seu pedido está a caminho',
            footer: 'Casa Aurora',
            buttons: [
              { title: 'Acompanhar', url: 'https://rastreio.casaaurora.example/48511' },
              { title: 'Falar com alguém' },
            ],
          },
        },
      }),
      agent('Se puder, avalie a entrega com uma nota de 0 a 10 😊', 'unknown'),
    ],
  },
  {
    customer: 'Lívia Santana',
    inbox: 'demo-ig',
    department: 'Vendas',
    assignee: 'ana',
    ago: '5h',
    lines: [
      said('story_mention', { story: { kind: 'mention', url: 'https://stories.example/livia/1' } }),
      agent('Amamos o cantinho, Lívia! 🧡', 'read', { reactions: { customer: '❤️' } }),
      customer('Esse abajur *ainda tem*? 😍', {
        content: { story: { kind: 'reply', url: 'https://stories.example/casaaurora/7' } },
      }),
      said('share', {
        share: { kind: 'reel', title: '3 jeitos de iluminar a sala', url: 'https://instagram.example/reel/9' },
      }),
      said('share', { share: { kind: 'post', url: 'https://instagram.example/p/4' } }),
      said('postback', { choice: { title: 'Qual o prazo de entrega?', payload: 'PRAZO' } }, 'Qual o prazo de entrega?'),
      agent('Temos o abajur Lua em três cores! Para São Paulo chega em 2 dias.'),
      customer('Queria na cor de barro', { edited: true, quotes: 6 }),
      customer('', { deleted: true }),
      file('image', null, { of: { waits: true } }),
      said('unsupported', { unsupported: { type: 'ephemeral' } }),
      note(
        'referral',
        { referral: { source: 'link', ref: 'bio', url: 'https://ig.example/casaaurora' } },
        { after: '1d' },
      ),
      customer('Voltei! Ainda tem o de barro?'),
      agent('Tem sim, Lívia! Separei um para você.', 'over', { after: '2h' }),
    ],
  },
  {
    customer: 'Otávio Brandão',
    inbox: 'demo-fb',
    department: 'Suporte',
    assignee: 'bruno',
    ago: '6h',
    lines: [
      said(
        'postback',
        {
          choice: { title: 'Começar', payload: 'GET_STARTED' },
          referral: { source: 'ad', title: 'Sofás com 20% de desconto' },
        },
        'Começar',
      ),
      agent('Olá, Otávio! Como podemos ajudar?', 'read', {
        type: 'interactive',
        content: {
          buttons: {
            buttons: [
              { id: 'a', title: 'Preço' },
              { id: 'b', title: 'Assistência' },
            ],
          },
        },
      }),
      customer('Assistência', { content: { choice: { title: 'Assistência', payload: 'b' } }, quotes: 1 }),
      customer('O pé do sofá Serra soltou. Dá para ver na foto?'),
      file('image', null, {
        files: [
          { kind: 'image', mimeType: 'image/jpeg' },
          { kind: 'image', mimeType: 'image/jpeg' },
        ],
      }),
      file('document', null, {
        of: { fileName: 'nota-fiscal-20418.pdf' },
        reactions: { customer: '👍' },
      }),
      customer('Achei igual neste site', {
        content: { share: { kind: 'link', title: 'Pés de madeira para sofá', url: 'https://marcenaria.example/pes' } },
      }),
      customer('É desse aqui que eu falo', {
        content: { referral: { source: 'product', title: 'Sofá Serra, 3 lugares', ref: 'SERRA-3' } },
      }),
      phone('Otávio, a visita fica para quinta, entre 9h e 12h. Pode ser?'),
      customer('Pode ser. Falo com quem no dia?', { content: { standby: true } }),
      agent('Com o Jorge, nosso técnico. Ele liga antes de sair.', 'blocked'),
    ],
  },
]
