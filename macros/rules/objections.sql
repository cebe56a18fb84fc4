{# The events that decide about contact, and so are read however late they come. #}
{% macro objection_events() -%}
    {{- return(['message_bounced', 'message_complained', 'message_unsubscribed']) -}}
{%- endmacro %}


{# Whether the name of an event says no although no seed has it: a word of unsubscribing or of marking as spam in one of some languages,
   or a consent to messages that was taken back. Words that may mean logging out or an order are left to the seed. #}
{% macro reads_as_no(event_name) -%}
    {%- set pattern = [
        'unsubscri', '(^|[^d])opt(ed)?out', 'desabonn', 'desinscri', 'desuscri', 'disiscri',
        'newsletter(abmeld|abgemeld|abbestell)', 'donot(contact|email|mail|call|text|sms)',
        '(marketing|mail|sms|push|newsletter)(consent|permission)s?(was)?(withdrawn|revoked|removed)',
        '(mark|report)(ed)?(e?mail|message)?(as)?(spam|junk)', 'spam(report|complain)', 'stopall', '\u043e\u0442\u043f\u0438\u0441',
        '\u914d\u4fe1\u505c\u6b62', '\u9000\u8ba2',
    ] | join('|') -%}
    {{ crm_segmentation.regexp_like(crm_segmentation.plain_spelling(event_name), pattern) }}
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
