export const demonstration = {
  demonstration: {
    title: 'Só quer olhar primeiro?',
    about:
      'A demonstração enche este espaço com conversas de uma loja inventada, para ver a lista, responder, transferir e encerrar. Nada sai daqui: o que você responder não chega a ninguém.',
    mark: 'Números e colegas levam “(demo)” no nome, e tudo pode ser retirado de uma vez. Ela só é oferecida enquanto o espaço não tem números nem contatos.',
    load: 'Carregar a demonstração',
    loadedTitle: 'A demonstração está carregada',
    loaded: {
      one: '{n} conversa inventada, que você pode responder, transferir e encerrar à vontade. Nada chega a ninguém.',
      other:
        '{n} conversas inventadas, que você pode responder, transferir e encerrar à vontade. Nada chega a ninguém.',
    },
    look: 'Ver as conversas',
    remove: 'Retirar a demonstração',
    removeAbout:
      'Vão embora os números, colegas, contatos e conversas de demonstração, com o que foi escrito neles. O que é seu fica.',
    removeConfirm:
      'Retirar a demonstração? Os números, colegas, contatos e conversas dela são apagados, com o que foi escrito neles. O que é seu fica.',
    notice: 'Demonstração: o que você escrever aqui não chega a ninguém.',
    colleagues: { bruno: 'Bruno (demo)', carla: 'Carla (demo)' },
    inboxes: { whatsapp: 'WhatsApp (demo)', instagram: 'Instagram (demo)', telegram: 'Telegram (demo)' },
    tags: { quote: 'Orçamento', urgent: 'Urgente', newcomer: 'Novo cliente', slip: 'Boleto' },
    groups: { wholesale: 'Atacado' },
    reasons: { solved: 'Resolvido', sold: 'Venda concluída' },
    comments: {
      carlos: 'Troca já autorizada. Falta só a transportadora confirmar a coleta.',
      pilar: 'Paga sempre em 28 dias. Falar com o Sérgio.',
    },
    told: {
      mariana: ['Oi! Vocês entregam em Campinas?', 'Queria saber o prazo para um sofá de 3 lugares'],
      rafael: [
        'Oi! Consegue o orçamento da mesa com 6 cadeiras?',
        'Oi, Rafael! A mesa Ipê com 6 cadeiras sai por *R$ 3.490*, em até 10x sem juros.',
        'E o frete para o seu bairro é grátis 🚚',
        'Ótimo! Fecho hoje se entregar até sábado',
      ],
      juliana: ['Vi o vaso azul no story de vocês 😍 Ainda tem?'],
      carlos: [
        'Meu pedido chegou com uma peça quebrada',
        'Poxa, Carlos, desculpe! Qual é o número do pedido?',
        'É o 48213',
        'Obrigado! Já pedi a troca: a transportadora coleta amanhã, entre 9h e 12h.',
      ],
      helena: ['Helena aqui de novo 😊 Chegaram as almofadas cor de barro?'],
      helenaBefore: [
        'Oi! O tapete Areia tem em 3x4?',
        'Oi, Helena! Tem, sim: pronta entrega.',
        'Quero um! Pode mandar o link?',
        'Mandei por aqui e no seu e-mail. Obrigada pela compra!',
      ],
      patricia: [
        'Consegue a segunda via do boleto?',
        'Claro, Patrícia! Segue a linha digitável:\n```34191.79001 01043.510047 91020.150008 8 99990000018990```',
        'Consigo pagar no Pix também?',
        'Consegue! A chave é o nosso e-mail: financeiro@casaaurora.example',
      ],
      lucia: ['Oi! A montagem está incluída no preço?'],
      pilar: [
        'Olá! Precisamos de 40 luminárias para a obra da Rua das Flores',
        'Olá, Sérgio! Tenho 32 em estoque, e as outras 8 chegam na terça. Reservo?',
        'Perfeito, pode reservar',
        'Reservadas 👍 A nota vai hoje ainda.',
      ],
      fernanda: [
        'O cupom PRIMEIRA10 vale para tapete?',
        'Vale, sim! É só colocar no fim da compra 😉',
        'Deu certo, obrigada ❤️',
      ],
      otavio: [
        'Vocês têm loja física?',
        'Temos! Rua do Comércio, 120, de segunda a sábado.',
        'Quer que eu separe alguma peça para você ver?',
      ],
      marcos: [
        'A garantia cobre o tecido do sofá?',
        'Cobre por 12 meses, Marcos. Mandei o termo no seu e-mail também.',
      ],
      andre: [
        'O rastreio não atualiza desde sexta',
        'Oi, André! Falei com a transportadora: sai para entrega hoje, até as 18h.',
        'Chegou! Valeu 🙌',
      ],
      sonia: [
        'Dá para trocar a cor da poltrona antes do envio?',
        'Sem problema, Sônia! Troquei para o verde-oliva.',
        'Perfeita, obrigada!',
      ],
    },
  },
}

export type Demonstration = typeof demonstration
