"""How names are told in Portuguese."""

from engine.flow.answers.names.words import NameWords

PORTUGUESE = NameWords(
    frame=r"",
    call=r"(?:pode |podes |podem |voc[eê] pode |pode s[oó] )?(?:me chamar|chamar-me|chamar)(?: de)?"
    r"|me cham[ae](?: de| s[oó])?"
    r"|chama-me|(?:todo mundo |todos |meus amigos |a galera |o pessoal )?me chamam? de|(?:todos "
    r"|toda a gente )?"
    r"me tratam? por|trata-me por|sou conhecid[oa] como|meu apelido [eé]|apelido"
    r"|(?:pode |podes |podem )?(?:me )?tratar(?:-me)? por|me conhecem (?:como|por)",
    name=r"me chamo|chamo-me|(?:o )?meu nome(?: completo)?(?: [eé]|:)|(?:o )?nome(?: completo)?(?: [eé]"
    r"|:| -)"
    r"|(?:t[aá] |est[aá] |p[oõ]e |coloca )?(?:em|no) nome d[eao]|aqui quem fala [eé]"
    r"|quem fala [eé]|fala com|fala"
    r"|aqui [eé]|quem escreve [eé]|meu sobrenome [eé]"
    r"|quem (?:t[aá] |est[aá] )?(?:fala|falando|escreve|escrevendo|manda mensagem) [eé]"
    r"|(?:voc[eê] )?(?:t[aá] |est[aá] )?fala(?:ndo)? com|(?:anot|coloc|bot|registr|regist|salv"
    r"|grav|inscrev|p[oõ]e|pode p[oôó]r)(?:a|e|ar)?(?: a[ií]| no| em)*(?: como| o nome(?: d[eao])?"
    r"| nome d[eao])|(?:com|sob) o nome(?: d[eao])?"
    r"|o m(?:eu|inha) [eé]",
    am=r"eu sou|sou eu|sou|[eé]",
    weak=r"[eé] (?:pra|para|pro)|aqui|com|para|pra|pro|da parte d[eao]"
    r"|(?:pode )?(?:bota|botar|p[oõ]e|p[oôó]r|coloca|colocar|anota|anotar|escreve|escrever|usa"
    r"|usar|manda)(?: a[ií])?|seria"
    r"|ser[aá]"
    r"|eu",
    seeks="tô to estou ando fico falar falando conversar reunião procuro procurando espero esperando pergunto"
    " perguntando pacote presente recado trabalho vou moro venho",
    tail=r"[eé] (?:o )?meu nome|me chamo|[aà]s ordens|aqui|falando|ao seu dispor",
    given=r"(?:primeiro )?nome(?: [eé]|:| -)?",
    family=r"(?:o |meu )?(?:sobrenome|apelido|[uú]ltimo nome)(?: [eé]|:| -)?",
    aside=r"(?:escrito )?(?:com|sem) (?:uma? |dois |duas |o )*(?:[a-zç]{1,2}|acento|til|h[ií]fen|ag[aá]"
    r"|z[eê]|cedilha)(?: mudo)?(?: e (?:uma? )?[a-z]{1,2})?(?: no (?:final|fim|come[cç]o"
    r"|in[ií]cio))?",
    back=r"e (?:voc[eê]|vc|tu|o seu|o teu|a senhora|o senhor)",
    trade=r"(?:(?:o|a|um|uma) )?(?!bautista|batista)\w{2,}(?:ista|[oó]log[oa]|[aei]dora)|(?:(?:o|a|um"
    r"|uma) )?(?!salva|ama|libra|teo|isa)\w{3,}[aei]dor|(?:o|um) \w{3,}(?:eiro|tor|ante|[aá]rio)"
    r"|(?:a|uma) \w{3,}(?:eira|tora|ante|[aá]ria)",
    after="o a os as é mesmo mesma seu sr sra dona senhor senhora",
    around="oi olá ola oie opa bom_dia boa_tarde boa_noite claro sim não por_favor porfavor pfv se_faz_favor"
    " obrigado obrigada muito_obrigado muito_obrigada brigado ok tá ta beleza prazer muito_prazer"
    " tudo_bem tudo_bom então entao pois com_certeza aqui só"
    " desculpa desculpe perdão ops errei quis_dizer quero_dizer digo corrigindo mesmo mesma"
    " mesmo_assim pfvr pf plis abs abraço bjs beijos e_você e_tu igualmente ah_tá ah tá_bom"
    " só_isso só_isso_mesmo basta tb né viu vlw valeu obg"
    " pois_é então_tá"
    " eai e_aí e_ai salve ei hey alô alo olá_olá hello hi fala_aí",
    titles="sr sra srta dona dom senhor senhora dr dra doutor doutora prof profa professor professora eng"
    " engenheiro"
    " engenheira seu padre",
    binders="",
    stops="""
    o a os as um uma uns umas ao aos à às no na nos nas num numa pelo pela do da dos das de e ou mas se não nao
    sim que quê quem qual quais quando onde como por porque pra pro para com sem sobre entre até desde em meu
    minha meus minhas teu tua seu sua seus suas nosso nossa eu tu ele ela nós vós eles elas você vocês voce
    voces me te lhe isso isto esse essa este esta aquele aquela sou és é somos são era foi ser estou está tá
    estás estamos estão estava estar tô tenho tem tens têm ter tinha faço faz fazer vou vai vamos vão ir venho
    vem quero quer queres queria querem gostaria gosto gosta preciso precisa precisas posso pode podes podem
    poderia prefiro prefere procuro espero esperando procurando ligando pedindo pergunto perguntar saber sei
    sabe sabes dizer digo diz dar dou dá ver vejo olha falar falo pedir peço comprar compro pagar pago enviar
    mandar trazer levar trocar cancelar ajuda ajudar oi olá ola bom boa dia tarde noite obrigado obrigada valeu
    favor claro beleza tudo bem mal melhor pior muito muita muitos muitas pouco mais menos todo toda todos todas
    nada ninguém nunca sempre algo alguém outro outra mesmo mesma também tambem já ainda agora hoje amanhã ontem
    depois antes cedo aqui aí ali lá talvez kkk kkkk kkkkk kkkkkk rs rsrs haha ok dois duas três quatro cinco
    seis sete oito nove dez primeiro segundo grande grandes pequena pequeno média pizza pizzas hambúrguer café
    comida cardápio menu ementa preço preços mesa conta pedido reserva endereço endereco rua avenida praça
    número numero telefone telemóvel email nome nomes pessoa pessoas atendente humano cliente dono dona gerente
    estudante aluno professor vegetariano vegetariana vegano vegana celíaco alérgico alérgica novo nova casado
    casada solteiro homem mulher menino amigo amiga irmão irmã filho filha interessado interessada perdido
    perdida cansado cansada pronto pronta certo certa importa interessa importante urgente segredo anônimo
    anónimo privado assunto coisa problema pergunta dúvida calabresa queijo frango carne água cerveja vinho fome
    desculpa desculpe anos ano há mês semana hora horas minutos euros reais entrega retirar loja adivinha igual
    qualquer depende brasileiro português quanto quanta quantos quantas custa custam põe poe coloca manda traz
    queremos moro mora trabalho trabalha ocupado ocupada doente grávida gravida alto alta feliz triste contente
    nervoso confuso dormindo acordado faminto disponível livre sozinho sozinha segunda terça quarta quinta sexta
    sábado sabado domingo feira fim horário horários aberto abre abrem fecha fechado bairro esquina bloco apto
    apartamento cep código cidade país foto vídeo áudio mensagem mensagens chat robô bot máquina app whatsapp
    internet site página link cartão dinheiro crédito débito pagamento pix transferência presente aniversário
    festa casamento crianças criança família grupo casal adultos convidados cachorro gato carro ônibus trem
    hotel médico médica advogado engenheiro empregado aposentado angolano moçambicano bobo louco louca
    brincadeira verdade mentira sério exato correto incorreto então enquanto embora contra durante vezes quase
    bastante além somente apenas informação informações dados privacidade pessoal pessoais senha serviço suporte
    vendas equipe chefe odeio amo entendo entender significa cara mano véi gente né tipo coisas almoço jantar
    sobremesa bebida molho extra diabético intolerante lactose glúten nozes tava tamo vamo vermelho vermelha
    azul verde amarelo amarela preto preta pretos pretas brancos laranja rosa-choque roxo cinza marrom prateado
    dourado escuro sapato sapatos camisa camiseta vestido casaco calça calças saia chapéu bolsa couro algodão lã
    nenhum nenhuma tchau adeus parabéns barato barata caro grátis rápido lento longo longa curto largo baixo
    baixa pesado leve cheio vazio limpo sujo seco molhado macio duro fácil difícil simples forte fraco jovem
    velho velha moderno antigo meio-dia meia-noite metade meio meia quarto momento momentinho espera espere
    esperem pressa viagem instante verduras legumes fruta frutas arroz massa pão manteiga leite açúcar pimenta
    cebola tomate batata batatas peixe camarão bacon presunto ovo ovos sanduíche sopa salada bolo biscoito
    chocolate baunilha sorvete gelado doce picante amargo suco sumo refrigerante copo garrafa xícara prato garfo
    faca colher caixa pacote tamanho cor cores apê andar porta janela cozinha banheiro jardim garagem escola
    universidade escritório fábrica hospital banco biblioteca museu estação aeroporto parque montanha vila mundo
    norte sul leste oeste esquerda direita frente atrás cima lado começo parte partes peça peças par dúzia quilo
    quilos grama gramas litro litros metro metros grau graus total soma fatura recibo desconto oferta promoção
    cupom imposto taxa gorjeta troco troca devolução garantia conserto quebrado quebrada roubado chegou enviado
    recebido entregue status detalhes cadastro perfil opção opções escolher escolho aceitar aceito recusar
    recuso permitir esquecer esqueci lembrar lembro acreditar acho imagino suponho ouvir sentir sinto brincar
    jogar dormir correr dirigir voar sentar ficar fico viver morrer nascer comer cozinhar beber lavar arrumar
    quebrar guardar deixar deixa deixo sair saio entrar conhecer começar terminar acabar continuar segue parar
    anota anotar licença tomara óbvio legal perfeito perfeita excelente incrível horrível estranho chato chata
    errado errada
    vc vcs tb tbm pq blz msg hj agr dps mto td mamãe mãe pai papai avó avô vó vô tia tio prima primo
    sobrinha sobrinho sogra sogro cunhada cunhado nora genro vizinha vizinho namorada namorado esposa esposo
    marido parceira parceiro colega sócio sócia secretária secretário assistente inquilino comprador
    compradora vendedor vendedora viúva viúvo gêmeo gêmea caminho chegando saindo vindo dirigindo
    estacionado estacionada preso presa atrasado atrasada perto longe fora dentro curioso curiosa nervosa
    animado animada entediado entediada preocupado preocupada surpreso grato grata faminta bota botar
    trânsito engarrafamento entregador encanador eletricista motoboy motorista pedreiro
    tentativa esforço ideia sorte piada besteira bobagem procura procure adivinhe sai some cala calado chega
    merda porra caramba vaza
    """,
)
