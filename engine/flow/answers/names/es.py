"""How names are told in Spanish."""

from engine.flow.answers.names.words import NameWords

SPANISH = NameWords(
    frame=r"",
    call=r"(?:me puedes |puedes |pod[eé]s |puede |me puede |pueden )?(?:llamarme|ll[aá]mame|llamame"
    r"|ll[aá]meme|decirme"
    r"|dime|d[ií]game|llamar|decir)|(?:todos |todo el mundo |mis amigos |la gente )?me (?:dicen|llaman)"
    r"|me conocen como"
    r"|mi apodo es|apodo"
    r"|(?:conocen|llaman|dicen) por"
    r"|me (?:dice|llama|conoce como|conoce por)",
    name=r"me llamo|mi nombre(?: completo)?(?: es|:)|(?:el |mi )?nombre(?: completo)?(?: es|:| -)"
    r"|mis nombres son"
    r"|(?:est[aá] |ponlo |p[oó]ngalo |va )?a nombre de|te saluda|le saluda|les saluda|te habla"
    r"|le habla|les habla"
    r"|te escribe|le escribe|les escribe|habla|mi apellido es|apellidos?:|ponle|ponme|pon"
    r"|an[oó]tame como"
    r"|a la orden"
    r"|(?:an[oó]t|reg[ií]str|gu[aá]rd|ap[uú]nt|agend|ins[cs]r[ií]b|p[oó]n)(?:a|e)?(?:lo|la|me"
    r"|nos)(?: como| con el nombre(?: de)?| a)?|(?:est[aá]s? |usted )?habla(?:s|ndo)? con|(?:le|te"
    r"|les) (?:atiende|contesta|responde|contacta)|(?:escribe|pon|ponga|poné"
    r"|coloca) (?:mi nombre como|el nombre de|a)|con el nombre de|bajo el nombre(?: de)?"
    r"|(?:el|la) m[ií][oa] es",
    am=r"yo soy|soy yo|soy|es",
    weak=r"es para|con|aqu[ií]|ac[aá]|para|de parte de|reserva de"
    r"|con|ser[ií]a|escribe|escriba|coloca|usa|puedes usar|puede usar"
    r"|vendr[ií]a siendo|ser[aá]"
    r"|yo",
    seeks="estoy ando quedo vengo hablar hablando comunicarme comunicar cita quedar reunión busco buscando espero"
    " esperando pregunto preguntando paquete regalo mensaje trabajo voy vivo vengo",
    tail=r"es mi nombre|me llamo|para servirle|a sus [oó]rdenes|al habla|por aqu[ií]|por ac[aá]|aqu[ií]"
    r"|me dicen|soy yo",
    given=r"(?:primer )?nombres?(?: es|:| -)?",
    family=r"(?:el |mi )?(?:primer )?apellidos?(?: es|:| -)?",
    aside=r"(?:se escribe )?(?:con|sin) (?:una? |dos |doble |la |el )*(?:[a-zñ]{1,2}|ache|hache|acento"
    r"|tilde|gui[oó]n|be|ve|uve|zeta|ce|ka|equis|jota|ge)(?: (?:alta|baja|chica|grande|larga|corta"
    r"|griega|latina))?(?: (?:y|e) (?:una? )?[a-zñ]{1,2})?(?: al (?:final|principio|inicio))?",
    back=r"y (?:t[uú]|usted|vos|el tuyo|ustedes)",
    trade=r"(?:(?:el|la|un|una) )?(?!bautista|batista)\w{2,}(?:ista|[oó]log[oa]|[aei]dora)|(?:(?:el|la"
    r"|un|una) )?(?!salva|ama|libra|teo|isa)\w{3,}[aei]dor|(?:el|la|un|una) \w{3,}(?:er[oa]|tora?"
    r"|ante|ari[oa])",
    after="el la los señor señora señorita sr sra srta yo es don doña",
    around="hola holi buenas buenos_días buenos_dias buenas_tardes buenas_noches buen_día buen_dia qué_tal"
    " que_tal claro sí si no por_favor porfa porfavor gracias muchas_gracias mil_gracias ok vale bueno"
    " pues mira encantado encantada mucho_gusto un_gusto un_placer un_saludo saludos desde_luego"
    " por_supuesto claro_que_sí aquí solo"
    " perdón perdon perdona disculpa disculpe digo quise_decir quiero_decir ups corrijo"
    " mejor_dicho xfa xfavor pf bss besos nomás nomas a_secas está_bien con_eso_basta y_tú"
    " y_usted y_vos a_tus_órdenes un_abrazo igualmente ah este oye che"
    " pues_nada bueno_pues"
    " ey epa quiubo hey hola_hola aló alo feliz_día hi hello",
    titles="dña sr sra srta don doña d dª ing lic licenciado licenciada arq abog señor señora señorita dr dra"
    " doctor doctora"
    " profesor profesora profe prof maestro maestra padre",
    binders="",
    stops="""
    el los las un una unos unas lo al y o u pero si no sí que qué quien quién quienes cual cuál cuando cuándo
    donde dónde como cómo por para porque con sin sobre entre hasta desde a en de del mi mis tu tus su sus
    nuestro nuestra vuestro yo tú él ella nosotros ellos ellas usted ustedes me te se nos le les este esta estos
    estas ese esa eso esto aquel soy eres es somos son era fue ser estoy estás está están estaba estar hay he
    has ha han haber tengo tienes tiene tienen tener hago haces hace hacer voy vas va van ir vengo viene quiero
    quieres quiere quisiera querría queria quería necesito necesita necesitas puedo puedes puede pueden podría
    podrías podria deseo desea prefiero prefiere gustaría gustaria gusta busco espero esperando buscando
    llamando pidiendo pregunto preguntar saber sé sabes sabe decir decirlo digo dice dicen dar doy dame das ver
    veo mira hablar hablo pedir pido pedido comprar compro pagar pago enviar mandar traer llevar cambiar
    cancelar ayuda ayudar hola buenas buenos días dias tardes noches gracias favor porfa claro vale bueno bien
    mal mejor peor muy mucho mucha muchos muchas poco más mas menos todo toda todos todas nada nadie nunca
    siempre algo alguien otro otra mismo misma también tambien ya aún todavía ahora hoy mañana ayer luego
    después despues antes tarde temprano aquí aqui ahí allí allá acá quizás quizá tal vez jaja jajaja jeje ok
    uno dos tres cuatro cinco seis siete ocho nueve diez primero segundo grande grandes pequeña pequeño mediana
    chica pizza pizzas hamburguesa café comida menú menu precio precios mesa cuenta reserva dirección direccion
    avenida plaza número numero teléfono telefono correo nombre nombres persona personas agente humano cliente
    clienta dueño dueña gerente estudiante profesor vegetariano vegetariana vegano vegana celiaco celíaca
    alérgico alérgica nuevo nueva casado casada soltero soltera mayor hombre mujer señora chico amigo amiga
    hermano hermana hijo hija interesado interesada perdido perdida cansado cansada listo lista seguro segura
    importa importante urgente secreto anónimo anonimo anónima privado asunto cosa problema pregunta duda jamón
    queso pollo carne agua cerveza vino hambre perdón perdon disculpa disculpe lamento siento años año mes
    semana día hora horas minutos euros pesos dólares entrega domicilio recoger tienda adivina igual cualquiera
    depende extranjero argentino mexicano español colombiano peruano cuánto cuanto cuánta cuanta cuántos cuantos
    cuántas cuestan pon ponme ponga deme tráeme traiga quisiéramos queremos vivo vive trabajo trabaja ocupado
    ocupada enfermo enferma embarazada alta feliz triste contento contenta nervioso enojado enojada confundido
    aburrido dormido despierto hambriento disponible libre sola solo nacido lunes martes miércoles jueves
    viernes sábado sabado finde horario horarios abierto abren cierran cerrado local sucursal barrio esquina
    piso portal código postal ciudad país foto video audio mensaje mensajes chat bot robot máquina app whatsapp
    internet web página enlace tarjeta efectivo crédito débito pagos transferencia regalo cumpleaños fiesta boda
    niños niño niña familia grupo pareja adultos invitados perro gato coche carro bus tren hotel médico abogado
    ingeniero maestra maestro empleado jubilado venezolano chileno cubano puertorriqueño tonto loco loca broma
    verdad mentira serio seguramente claramente exacto correcto incorrecto entonces mientras aunque según contra
    durante veces casi bastante además solamente únicamente información datos privacidad personal personales
    contraseña servicio soporte ventas equipo jefe odio amo entiendo entender significa quise oye oiga che wey
    güey tío vos sos querés podés tenés sabés decís nomás ahorita órale ándale desayuno almuerzo cena postre
    bebida refresco salsa extra tipo clase cosas sobra diabético intolerante lactosa gluten nueces roja azul
    verde amarillo amarilla negro negra negros negras blancos naranja rosado morado gris marrón plateado dorado
    oscuro zapatos zapato camisa camiseta vestido chaqueta pantalón pantalones falda sombrero bolso bolsa cuero
    algodón lana ninguno ninguna ningún adiós adios chao chau felicidades felicitaciones barato barata caro cara
    gratis rápido rápida lento largo larga corto ancho bajo baja pesado ligero lleno vacío limpio sucio seco
    mojado suave duro fácil difícil simple fuerte débil joven viejo vieja moderno antiguo mediodía medianoche
    mitad medio media cuarto momento momentito espera espere esperen ratito rato verduras fruta frutas arroz
    pasta mantequilla leche azúcar pimienta cebolla tomate tomates patata patatas papa papas pescado camarón
    tocino huevo huevos sándwich sopa ensalada pastel galleta chocolate vainilla helado dulce picante amargo
    jugo zumo vaso botella taza plato tenedor cuchillo cuchara caja paquete tamaño talla color colores
    apartamento departamento puerta ventana cocina baño jardín garaje escuela universidad oficina fábrica
    hospital banco biblioteca museo estación aeropuerto parque playa pueblo mundo norte sur oeste izquierda
    derecha frente detrás arriba abajo lado fin principio parte partes pieza piezas par docena kilo kilos gramo
    gramos litro litros metro metros grado grados total suma factura recibo descuento oferta promoción cupón
    impuesto propina cambio devolución garantía reparación roto rota perdí robado llegó enviado recibido
    entregado estado detalles registro registrar perfil opción opciones elegir elijo escoger aceptar acepto
    rechazar rechazo permitir olvidar olvidé recordar recuerdo creer creo supongo imagino escuchar oír sentir
    jugar dormir correr caminar manejar conducir volar sentar quedar quedo vivir morir nacer comer cocinar beber
    tomar lavar arreglar romper guardar dejar deja dejo salir salgo entrar conocer unir empezar empezamos
    terminar seguir sigue parar anota anotar apunta perdona permiso ojalá obvio obvia genial perfecto perfecta
    excelente increíble horrible terrible raro rara extraño molesto molesta fastidio nomas hola' calle iglesia
    montaña pan
    xq pq tmb tb xfa bn dnd msj ntp tqm salu2 mamá papá madre padre abuela abuelo tía prima primo sobrina
    sobrino suegra suegro cuñada cuñado nuera yerno vecina vecino novia novio esposa esposo marido compañera
    compañero colega jefa socio socia secretaria secretario asistente inquilino inquilina comprador
    compradora vendedor vendedora viuda viudo gemelo gemela camino llegando saliendo viniendo manejando
    estacionado estacionada atascado atascada retrasado retrasada cerca lejos afuera adentro fuera dentro
    curioso curiosa nerviosa emocionado emocionada aburrida harto harta molestos preocupado preocupada
    sorprendido agradecido agradecida encantados hambrienta sediento incumbe loquita nuevos equivocado
    equivocada
    tráfico trancón atasco cafés plomero electricista repartidor
    buen gran intento esfuerzo idea suerte chiste tontería tonterías búscalo dímelo dilo déjalo ponlo hazlo
    míralo adivínalo adivine pregúntale vete lárgate cállate calla molestes fastidies mierda carajo chinga
    pendejo
    """,
)
