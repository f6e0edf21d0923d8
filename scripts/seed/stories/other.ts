import { agent, customer, type Story, said } from '../story.ts'

/** Quieter ones, further down the list. */
export const OTHER: Story[] = [
  {
    customer: 'Mônica Salles',
    inbox: 'demo-wa-1',
    department: 'Suporte',
    assignee: 'bruno',
    ago: '1d',
    lines: [
      customer('Oi, a TV cabe no rack Aroeira? É de 65"'),
      agent('Oi, Mônica! Cabe: o rack tem 1,80 m e a TV de 65" tem uns 1,45 m.'),
      customer('Ótimo!'),
    ],
  },
  {
    customer: 'Jéssica Barros',
    inbox: 'demo-wa-1',
    department: 'Vendas',
    assignee: 'ana',
    ago: '2d',
    lines: [
      customer('Ana, voltou a cafeteira azul?'),
      agent('Ainda não, Jéssica. Chega na semana que vem, quer que eu reserve uma?'),
      customer('Quero!! 💙'),
      agent('Reservada no seu nome 😉'),
    ],
  },
  {
    customer: 'Antônio Carlos Reis',
    inbox: 'demo-wa-2',
    department: 'Financeiro',
    assignee: 'carla',
    ago: '3d',
    lines: [
      customer('Boa tarde. O pagamento foi aprovado?'),
      agent('Boa tarde, Antônio! Aprovado hoje às 14h10.'),
      customer('Grato.'),
    ],
  },
  {
    customer: 'Elaine Prates',
    inbox: 'demo-wa-1',
    department: 'Suporte',
    assignee: 'diego',
    ago: '4d',
    lines: [
      customer('O montador esqueceu a chave de fenda aqui em casa kkkk'),
      agent('Kkkk obrigado por avisar, Elaine! Ele passa aí amanhã cedo.'),
      customer('Tranquilo 😂'),
    ],
  },
  {
    customer: 'Alexandre Vidal',
    inbox: 'demo-wa-2',
    department: 'Vendas',
    assignee: 'ana',
    ago: '5d',
    groups: ['Revendedores'],
    lines: [
      customer('Bom dia! Qual o mínimo para revenda?'),
      agent('Bom dia, Alexandre! R$ 1.500 no primeiro pedido e R$ 600 nos próximos.'),
      customer('Vou montar a lista'),
      said('order', {
        order: {
          catalogId: '300000000000001',
          items: [
            { id: 'KIT-BARRO', quantity: 12, price: 89.9, currency: 'BRL' },
            { id: 'TRAVESSA-OVAL', quantity: 6, price: 54, currency: 'BRL' },
            { id: 'PANO-LINHO', quantity: 20, price: 12.5, currency: 'BRL' },
          ],
        },
      }),
      agent('Recebi a lista! Confiro o estoque e te retorno.'),
    ],
  },
  {
    customer: 'Rosângela Maia',
    inbox: 'demo-evo',
    department: 'Suporte',
    assignee: 'bruno',
    ago: '6d',
    lines: [
      customer('bom dia meu filho o guarda roupa ta torto'),
      agent('Bom dia, dona Rosângela! É só regular os pezinhos. Mando um vídeo mostrando?'),
      customer('manda'),
      agent('https://casaaurora.example/videos/regular-pes'),
      customer('deu certo 👏👏'),
    ],
  },
]
