import { agent, customer, file, type Story } from '../story.ts'

/** Vendas: quotes, stock, wishes. */
export const SALES: Story[] = [
  {
    customer: 'Camila Rezende',
    inbox: 'demo-wa-1',
    department: 'Vendas',
    assignee: 'ana',
    ago: '15m',
    unread: 1,
    tags: ['Orçamento'],
    groups: ['Arquitetos'],
    lines: [
      customer('Oi, Ana! Sou arquiteta e quero um orçamento para um apartamento decorado'),
      agent('Oi, Camila! Que delícia de projeto 😍 Me conta: quantos ambientes?'),
      customer(
        'Sala, varanda e dois quartos. Tenho a lista aqui:\n\n- Sofá Duna 3 lugares (off-white)\n- 2 poltronas Brisa\n- Mesa de jantar Ipê, 8 lugares\n- 8 cadeiras Palha\n- 4 luminárias Lua\n- Tapete Areia 3x4\n- Roupa de cama completa para 2 camas queen',
      ),
      agent(
        'Recebido! Para profissionais damos *12%* e frete grátis na capital. Monto a proposta até amanhã.',
        'read',
        { quotes: 2 },
      ),
      customer('Perfeito. O cliente quer receber tudo antes do dia 20 de dezembro, dá tempo?'),
    ],
  },
  {
    customer: 'Eduardo Martins',
    inbox: 'demo-ig',
    department: 'Vendas',
    ago: '22m',
    unread: 2,
    lines: [customer('opa, ainda tem a cafeteira vermelha do post de ontem?'), customer('e entrega em Niterói?')],
  },
  {
    customer: 'Larissa Pimentel',
    inbox: 'demo-ig',
    department: 'Vendas',
    assignee: 'ana',
    ago: '1h',
    lines: [
      customer('Amei os vasos do último reels 😍😍'),
      customer('quanto fica o kit com 3?'),
      agent('Oi, Larissa! O kit com 3 vasos Barro sai por R$ 189, ou R$ 170 no PIX 🌿'),
      customer('Tem terracota?'),
      agent('Tem terracota, areia e verde-musgo'),
      customer('quero o terracota! onde pago?'),
      agent('Aqui: https://casaaurora.example/p/kit-barro-terracota ✨'),
      customer('Comprado! ❤️'),
    ],
  },
  {
    customer: 'Restaurante Sabor da Vila',
    inbox: 'demo-wa-2',
    department: 'Vendas',
    assignee: 'ana',
    ago: '35m',
    tags: ['VIP', 'Recorrente'],
    groups: ['Atacado'],
    comments: [
      {
        by: 'ana',
        text: 'Pedido toda segunda. Tabela de atacado B. Entrega só até as 10h, antes do almoço.',
        pinned: true,
      },
      { by: 'carla', text: 'Faturamento quinzenal, boleto para o CNPJ da matriz.' },
    ],
    lines: weeklyOrders(26),
  },
  {
    customer: 'Juliana Campos',
    inbox: 'demo-wa-1',
    department: 'Vendas',
    assignee: 'ana',
    ago: '2h',
    lines: [
      customer('Vocês montam lista de casamento?'),
      agent('Montamos, Juliana! E os noivos ganham 10% do total em crédito 💍'),
      customer('Que legal! Como funciona?'),
      agent(
        'Você escolhe os produtos no site ou na loja, a gente cria a página da lista e os convidados compram por lá. Você recebe tudo de uma vez, na data que quiser.',
      ),
      agent('Exemplo de uma lista pronta: https://casaaurora.example/listas/exemplo'),
      customer('Adorei. Vou falar com meu noivo e volto amanhã 🥰'),
      agent('Combinado! Parabéns pelo casamento 🎉', 'delivered'),
    ],
  },
  {
    customer: 'Felipe Andrade',
    inbox: 'demo-tg',
    department: 'Vendas',
    assignee: 'ana',
    ago: '3h',
    lines: [
      customer('Boa! Vi que vocês têm bot no Telegram agora'),
      customer('Tem desconto para compra acima de 2 mil?'),
      agent('Oi, Felipe! Acima de R$ 2.000 o frete é grátis, e à vista tem 8%.', 'sent'),
      customer('Show. Vou fechar o sofá + mesa de centro'),
      agent('Maravilha! Separei os dois no seu nome até amanhã às 18h.', 'sent'),
    ],
  },
  {
    customer: 'Condomínio Jardim Europa',
    inbox: 'demo-wa-2',
    department: 'Vendas',
    ago: '55m',
    unread: 1,
    tags: ['Orçamento'],
    groups: ['Atacado'],
    lines: [
      customer(
        'Prezados, boa tarde.\n\nO condomínio aprovou em assembleia a renovação do salão de festas e solicitamos cotação para 80 cadeiras empilháveis, 10 mesas redondas de 1,50 m, 10 toalhas na cor branca e 2 aparadores. Pedimos que a proposta informe prazo de entrega, condições de pagamento (preferencialmente 30/60/90 dias), garantia e se a montagem está inclusa. A entrega deve ser feita pela garagem do subsolo 1, com agendamento prévio na portaria, e o veículo não pode passar de 2,20 m de altura.\n\nAguardamos retorno até sexta-feira.\n\nAtenciosamente,\n_Marta Figueiredo, síndica_',
      ),
    ],
  },
  {
    customer: 'Bianca Torres',
    inbox: 'demo-wa-1',
    department: 'Vendas',
    assignee: 'ana',
    ago: '8h',
    lines: [
      customer('Oi! Qual a medida da estante Horizonte?'),
      agent('Oi, Bianca! 1,80 m de largura, 2,10 m de altura e 35 cm de profundidade.'),
      customer('Ai, não cabe na minha sala 😭 Tem menor?'),
      agent('Tem a Horizonte Mini, com 1,20 m de largura 😉 ~R$ 899~ por *R$ 749* até domingo.', 'read', {
        reactions: { customer: '❤️' },
      }),
    ],
  },
  {
    customer: 'Rafael Monteiro',
    inbox: 'demo-wa-1',
    department: 'Vendas',
    assignee: 'ana',
    ago: '1d',
    lines: [
      customer('Vocês entregam em Santos?'),
      agent('Entregamos! O frete para Santos é R$ 39, ou grátis acima de R$ 500.', ['window_closed', 'read']),
      customer('Beleza, vou fechar o carrinho à noite'),
    ],
  },
  {
    customer: 'Isabela Fontes',
    inbox: 'demo-fb',
    department: 'Vendas',
    ago: '2h',
    unread: 1,
    tags: ['Novo cliente'],
    lines: [customer('Boa tarde! Vi o anúncio do jogo de jantar de porcelana. Ainda está na promoção?')],
  },
  {
    customer: 'Nathália Coelho',
    inbox: 'demo-ig',
    department: 'Vendas',
    assignee: 'ana',
    ago: '4d',
    lines: [
      file('image', null, { of: { lost: true } }),
      customer('vcs têm um parecido com esse espelho?'),
      agent('Temos o Espelho Sol, quase igual! 80 cm, moldura de palha 🌞'),
      customer('é esse msm!! vou passar na loja sábado'),
      agent('Te esperamos! Abrimos às 10h ☀️'),
    ],
  },
]

/** A customer who orders every Monday: a thread long enough to be scrolled through. */
function weeklyOrders(weeks: number): Story['lines'] {
  const goods = [
    'pratos rasos',
    'taças de vinho',
    'guardanapos de linho',
    'copos long drink',
    'jogos americanos',
    'bowls',
  ]
  const thanks = ['Obrigado!', 'Valeu, Ana 🙌', 'Perfeito, obrigado', 'Show de bola', 'Fechado 👍']
  return Array.from({ length: weeks }, (_, week) => {
    const amount = 12 + ((week * 7) % 5) * 6
    const item = goods[week % goods.length]
    return [
      customer(`Bom dia! Pedido desta semana: ${amount} ${item}`, week === 0 ? {} : { after: '7d' }),
      customer(week % 4 === 3 ? 'E se tiver, mais 2 jarras de vidro' : 'Só isso por enquanto'),
      agent(`Bom dia, Seu Walter! Anotado: ${amount} ${item}. Sai amanhã e chega antes das 10h.`),
      customer(thanks[week % thanks.length] ?? 'Obrigado!'),
      agent(`Pedido *#${47_100 + week * 37}* confirmado ✅`),
    ]
  }).flat()
}
