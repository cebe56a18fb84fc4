{# The events that decide about contact, and so are read however late they come. #}
{% macro objection_events() -%}
    {{- return(['message_bounced', 'message_complained', 'message_unsubscribed']) -}}
{%- endmacro %}


{# Words of the trade, which may stand beside a word that says no by itself: sms_stop_received. #}
{% macro words_beside_a_no() -%}
    {%- set words = {
        'channels': 'e_*mails? e_*mailings? mails? mailings? mailer sms mms txt texts? texted messages? msg push notifications? whatsapp phone telefon',
        'letters': 'newsletter[sna]? nieuwsbrief nieuwsbrieven nyhedsbrev nyhetsbrev boletin infolettre subskrypcji lists? liste lista marketing promos? promotions? promotional',
        'ways': 'inbound incoming received? sent reply replied response answer keyword requests? requested clicked auto manual manually webhook api crm esp isp fbl feedback loop',
        'persons': 'users? contacts? customers? clients? subscribers? members? persons? people profiles? leads? recipients? kunde kontakt address number',
        'states': 'v status type reason events? registry added set flag flagged true updated changed processed confirmed recorded all global globally now please bitte svp hard permanent permanently',
        'between': 'the by from via to on at of my me for was is has been got der vom von zum zur fur hat sich ich habe du de des del della dalla da do la le les dar darse dio solicitud solicita z av fra fran van voor',
        'laws': 'gdpr dsgvo rgpd tcpa ccpa',
        'senders': 'twilio sendgrid mailgun postmark klaviyo braze mailchimp brevo',
    } -%}
    {{- return('(' ~ words.values() | join(' ') | replace(' ', '|') ~ ')') -}}
{%- endmacro %}


{# What says no wherever it stands in a name, by language. #}
{% macro noes_anywhere() -%}
    {%- set words = {
        'English': [
            'un_*subscri', '_de_*subscri', '(^|[^d])opt(s|ed|ing|_*me)?_*out', 'do_*not_*(contact|e_*mail|mail|call|text|sms|send|disturb|solicit|market|sell|share)',
            'don_*t_*(contact|e_*mail|call|text|send|disturb)', 'no_*more_*(e_*mail|mail|call|sms|text|message|marketing|newsletter|promo)', 'no_*longer_*(contact|subscri|wish|want)',
            'stop_*all', '_stop_*(mailing|marketing|newsletter|e_*mails|sms|texts|texting|sending|contacting|calling|promo)', 'suppress(ed|ion)', '(block|black|deny|suppress|robinson)_*list',
            'remov(e|ed|al)_*(me_*)?from_*((all|the|our|my|your)_*)*(e_*mail|mailing|marketing|newsletter|sms|text|list|subscri)', '(leave|left)_*(the_*)?(mailing|e_*mail|news)[a-z_]*list',
            '(mailing|e_*mail|news|newsletter)_*list_*(left|leave|remov)', '(mark|report|flag)(s|ed|ing)?_*(it_*|this_*|e_*mail_*|mail_*|message_*)?(as_*)?(spam|junk|abuse)',
            '(spam|junk|abuse)_*(report|complain|click|flag|mark|vote|button|notif)',
            '(newsletter|e_*mail|sms|mailing|marketing|push|blog|list)_*subscriptions?_*(was_*)?(cancel|end|stop|remov|delet|terminat|expir|inactiv|off_)',
            '_(cancel|stop|end|pause|terminat)(e|s|ed|led|ing|ling|ped|ping)?_*((the|my|all)_*)*(newsletter|mailing|marketing|e_*mails_|e_*mail_*subscri|sms|promo)',
            '(push|notifications?|e_*mails?|sms|newsletter|marketing)_*(permissions?_*)?(was_*|were_*)?(disabled?_|turned_*off|switched_*off|deactivated|declined|denied|refused|rejected|revoked|withdrawn|muted|silenced)',
            '(disabled?|(turn|switch)(ed)?_*off|deactivated?|declined?|muted?|revoked?)_*(all_*)?(push|notifications?|e_*mails_|sms|newsletter|marketing)',
            '_(e_*mails?|sms|push|newsletter|marketing|notifications)_*(no|off)_', '_no_*(sms|push|newsletters?|marketing|e_*mails)_', '(right_*to_*(be_*forgotten|object)|forget_*me|erase_*me|delete_*my_*data|erasure_*request)',
            '(sms|mms|txt|text|keyword)_*(end|quit|cancel|remove|revoke|off|fin)_', '_(end|quit|cancel|remove|revoke)_*(sms|mms|txt|texts?)_',
        ],
        'German': [
            'abbestell(t|en|ung|ungen)?_', 'newsletter_*(ab_*meld|ab_*gemeld|ab_*bestell|austr|ausgetr)', 'aus_*(der_*)?[a-z]*liste_*(austr|ausgetr|entfernt|geloscht)',
            'nicht_*(mehr_*)?(kontaktieren|anrufen|anschreiben|mailen|storen)', 'keine_*(werbung|e_*mails?|mails|newsletter|anrufe|sms)', 'stopp?_*werbung', 'werbe_*(sperre|widerspruch|verbot|stopp)', 'kontakt_*(sperre|verbot)',
        ],
        'French': ['des_*abonn', 'des_*inscri', 'ne_*(pas|plus)_*(me_*)?(contacter|appeler|deranger|recevoir|envoyer|solliciter)', '_stop_*pub', '_arret_*(sms|mail|e_*mail|pub)', 'bloctel', 'annul[a-z]*_*(l_*)?(abonnement|inscription)'],
        'Spanish': ['des_*suscri', 'desuscri', '_des_*subscri', 'list[ae]_*robinson', '_no_*(contactar|llamar|molestar|enviar)', 'cancela[a-z]*_*((de|la|mi)_*)*(suscri|boletin|newsletter)', 'anula[a-z]*_*((de|la|mi)_*)*(suscri|boletin)', '_baja_*(de|del|en)_*(la_*|el_*)?(lista|boletin|newsletter|suscri|correo|e_*mail)'],
        'Italian': ['dis_*iscri', 'disabbon', 'non_*(contattare|chiamare|disturbare|inviare)', 'annulla[a-z]*_*(l_*|la_*|dell_*)?iscri', 'cancella[a-z]*_*(dalla_*|la_*|dell_*|l_*)?(newsletter|lista|mailing|iscri)'],
        'Portuguese': ['descadastr', 'dessubscr', 'desassin', 'nao_*(me_*)?(contatar|contactar|ligar|enviar|perturb|incomod)', 'cancela[a-z]*_*((de|da|a|minha)_*)*(inscri|subscri|assinatura|newsletter)', '(sair|remov[a-z]+)_*da_*lista'],
        'Dutch': ['uit_*schrij[fv]', 'uit_*geschreven', 'niet_*(meer_*)?(bellen|benaderen|mailen|contacteren|storen)', 'bel_*me_*niet', '(nieuwsbrief|e_*mails?|mailing)_*(op_*gezegd|stop|afmeld|afgemeld)'],
        'Polish': ['_wypis', 'odsubskryb', 'nie_*(kontaktowac|dzwonic|wysylac|przeszkadzac)', 'anul[a-z]*_*subskr', 'rezygn[a-z]*_*(z_*)?(newsletter|subskr|mailing|otrzym)'],
        'Swedish': ['_(avregistr|avprenumer|avanmal)', '_av_+(registr|prenumer|anmal)', 'inte_*(kontakta|ringa|skicka|stor)', 'avslut[a-z]*_*prenumer', 'prenumeration[a-z]*_*avslut', 'nyhetsbrev[a-z]*_*av(s|r|a|p)'],
        'Danish': ['_af_*meld', 'frameld', 'ikke_*(kontakt|ring|send|forstyr)e?s?_', '_kontakt_*ikke', 'nyhedsbrev[a-z]*_*(af|opsig|opsag|stop)', 'reklame_*sparre'],
        'Norwegian': ['_av_*meld', 'meld_*((deg|meg|dig)_*)?(av|fra)_', 'reservasjonsregist', 'nyhetsbrev[a-z]*_*(av|stopp)'],
        'Finnish': ['uutiskirj[a-z]*_*(peru|lopet|pois)', '(peru|lopet)[a-z]*_*uutiskirj', 'poistu_*[a-z]*list', 'markkinointi_*kiel', 'ei_*saa_*(soittaa|lahettaa)'],
        'Czech and Slovak': ['(odhlas|zrus)[a-z]*_*(z_*|ze_*|zo_*)?(odber|newsletter)', 'odber[a-z]*_*(zrus|odhlas|ukon)', '_nekontaktov', '_nevolat', '_nezasilat'],
        'Hungarian': ['leiratkoz', 'hirlevel[a-z]*_*(le|lemond)'],
        'Romanian': ['dezabon', 'dezinscri'],
        'Croatian and Slovene': ['odjav[a-z]*_*(od_*|s_*)?(newsletter|novic|lista)'],
        'Turkish': ['abonelikten', 'abonelik_*iptal', 'iptal_*abonelik', 'rahatsiz_*etme'],
        'Greek': ['απεγγραφ', 'διαγραφη_*απο'],
        'Russian and Ukrainian': ['отпис', 'відпис', 'отказ[^ ]*(рассыл|подпис)', '(рассыл|подпис)[^ ]*отказ', 'отмен[^ ]*подпис', 'скасув[^ ]*підпис'],
        'Japanese': ['配信_*(停止|解除|拒否|不要)', '(購読|登録|メルマガ)_*(解除|停止|中止|拒否)', '受信_*拒否', '停止希望', 'オプトアウト'],
        'Chinese': ['退订', '退訂', '取消_*(订阅|訂閱)', '拒收'],
        'Korean': ['수신_*거부', '구독_*(취소|해지)'],
        'Arabic': ['(إلغاء|الغاء)_*الاشتراك'],
    } -%}
    {{- return(words.values() | sum(start=[]) | join('|')) -}}
{%- endmacro %}


{# What says no beside nothing but words of the trade: sms_stop does, bus_stop does not. #}
{% macro noes_alone() -%}
    {%- set words = {
        'English': 'stop stopp stopall unsub unsubs unsubbed dn[cdem] suppress blocked complain complained complaint complaints complainer fbl feedback_*loop spam junk abuse withdrawn revoked? objected objection',
        'German': 'ab_*gemeldet ab_*meld(en|ung|ungen) ab_*bestell(t|en|ung|ungen) austragen austragung ausgetragen widerruf widerrufen widerspruch widersprochen gesperrt',
        'French': 'arret arreter bloque',
        'Spanish and Portuguese': 'bajas? bloqueado removid[oa] retirad[oa]',
        'Italian': 'rimoss[oa] bloccato',
        'Dutch': 'af_*meld(en|ing|ingen) af_*gemeld geblokkeerd verzet recht_*van_*verzet',
        'Polish': 'rezygnacja rezygnuje sprzeciw zablokowan[ya]',
    } -%}
    {{- return(words.values() | join(' ') | replace(' ', '|')) -}}
{%- endmacro %}


{# A consent that is taken back or refused, in either order of the words. #}
{% macro consent_taken_back() -%}
    {%- set consent = [
        'consent|consenso|(mail|sms|push|newsletter|marketing|notification|contact|call|phone|text)[^ ]*permission|opt_*in_|optin|einwillig|zustimm|toestemming|zgod|samtyck|samtykk|suostumu',
        'souhlas|suhlas|hozzajarul|acordul|privola|gdpr|dsgvo|rgpd|согласи|согласие|同意',
    ] | join('|') -%}
    {%- set taken_back = [
        'withdr|revo[ckqg]|retract|rescind|remov|cancel|declin|deny|denied|refus|reject|expir|delet|not_*given|not_*grant|stopp|_ended|opt_*out|object|oppos|restrict',
        'widerr|widerspr|entzog|entzieh|zurue?ck|abgelehnt|ablehn|verweiger|erlosch|gelosch|geloesch|retir|retrait|rechaz|deneg|ritir|rifiut|negat|recus|ingetrok|intrek|geweigerd',
        'cofn|wycof|odwol|odmow|brak_|aterkall|nekad|tilbake|tilbage|trukket|afvist|avslat|avvist|peruu|perut|kiel[tl]|odvol|zamit|odmit|visszavon|retras|opoziv|отозв|отказ|отзыв|撤回|拒否',
    ] | join('|') -%}
    {{- return(
        '(' ~ consent ~ ')[^ ]*(' ~ taken_back ~ ')|(' ~ taken_back ~ ')[^ ]*(' ~ consent ~ ')|permissions?_*(was_*)?(withdrawn|revoked)|(withdr[ae]w|revoke)[a-z]*_*permission'
    ) -}}
{%- endmacro %}


{# Whether the name of an event or a tag says no although no seed has it, or that its address is dead. #}
{% macro reads_as_no(name) -%}
    ({{ crm_segmentation.reads_as_unsubscribed(name) }} or {{ crm_segmentation.reads_as_bounce(name) }})
{%- endmacro %}


{# Whether a name says no. The choice about cookies or about one's place is none about messages. A word that may mean logging out or an
   order says no only where nothing but words of the trade stands beside it. #}
{% macro reads_as_unsubscribed(name) -%}
    {%- set words = crm_segmentation.parted_words(name) -%}
    {%- set beside = crm_segmentation.words_beside_a_no() -%}
    {%- set alone = '(^| )_*(' ~ beside ~ '_*)*(' ~ crm_segmentation.noes_alone() ~ ')(_*' ~ beside ~ ')*_*( |$)' -%}
    (
        {{ crm_segmentation.regexp_like(words, crm_segmentation.noes_anywhere() ~ '|' ~ alone) }}
        or (
            {{ crm_segmentation.regexp_like(words, crm_segmentation.consent_taken_back()) }}
            and (
                not {{ crm_segmentation.regexp_like(words, 'cookie|track|analytics|location|camera|microphone|photo|geo|gps|bluetooth|storage') }}
                or {{ crm_segmentation.regexp_like(words, 'mail|sms|push|newsletter|marketing|werb|message|nachricht') }}
            )
        )
    )
{%- endmacro %}


{# Whether the name of an event says that an address is dead. A soft bounce is none, and on a web page to bounce is to leave. #}
{% macro reads_as_bounce(name) -%}
    {%- set beside = crm_segmentation.words_beside_a_no() -%}
    {%- set pattern = [
        '(hard|permanent)[a-z]*_*(bounc|fail|reject)', 'bounc[a-z]*_*(type_*)?(hard|perm)', 'undeliverable', '(e_*mail|sms|message|push|address)_*undelivered', '(un|nicht)_*zustellbar',
        '(mailbox|recipient|e_*mail_*address)_*(not_*found|unknown|does_*not_*exist|invalid)', '(invalid|unknown)_*(recipient|mailbox)', 'rebote_*(duro|permanente)', '(correo|mail)_*rebotado',
        '(^| )_*(' ~ beside ~ '_*)*bounc(e|ed|es|eback)(_*' ~ beside ~ ')*_*( |$)',
    ] -%}
    {{ crm_segmentation.regexp_like(crm_segmentation.parted_words(name), pattern | join('|')) }}
{%- endmacro %}


{# The kind of objection that the name of an event says which no seed has; null for none. #}
{% macro objection_read_from(name) -%}
    case
        when {{ crm_segmentation.reads_as_bounce(name) }} then 'message_bounced'
        when {{ crm_segmentation.reads_as_unsubscribed(name) }} then 'message_unsubscribed'
    end
{%- endmacro %}


{# Who speaks in an event: the record, or a hash of the browser. #}
{% macro voice_id(relation) -%}
    case
        when {{ relation }}.visitor_type = 'contact'
            then {{ crm_segmentation.hashed_key([relation ~ '.source_system', relation ~ '.visitor_id']) }}
        else {{ crm_segmentation.hashed_key([relation ~ '.source_system', relation ~ '.visitor_type', relation ~ '.visitor_id']) }}
    end
{%- endmacro %}


{# The moment from which a decision counts. A no without a readable date is as new as the day on which it was first seen, up to
   its last second, so that only what is said after that day lifts it. #}
{% macro counts_from(moment, known_on) -%}
    coalesce({{ moment }}, {{ dbt.dateadd('second', -1, 'cast(' ~ crm_segmentation.add_days(known_on, 1) ~ ' as timestamp)') }})
{%- endmacro %}


{# Rows of a relation by channel; one for all channels stands once for each. The caller has a relation channels. #}
{% macro each_channel(relation, columns) -%}
    select
        channel,
        {{ columns | join(',\n        ') }}

    from {{ relation }}

    where channel != 'all'

    union all

    select
        channels.channel,
        {{ relation }}.{{ columns | join(',\n        ' ~ relation ~ '.') }}

    from {{ relation }}

    cross join channels

    where {{ relation }}.channel = 'all'
{%- endmacro %}
