{#- What may be shown of a rejected row: a word as it is, a moment or number with 9 for every digit. Never a key or an address. -#}
{%- set shown = {
    'raw_consents': ['channel', 'consent_status'],
    'raw_contact_attributes': ['party'],
    'raw_exchange_rates': ['currency'],
} -%}
{%- set without_system = ['raw_products', 'raw_campaigns', 'raw_exchange_rates'] -%}

with

rejected_rows as (

    {%- for raw_table, model in models_with_raw_values().items() %}

    select
        '{{ raw_table }}' as raw_table,
        {{ "''" if raw_table in without_system else "coalesce(source_system, '')" }} as source_system,
        rejection_reason,
        case
            when 1 = 0 then ''
            {%- for column in shown.get(raw_table, []) %}
            when rejection_reason like '{{ column }}_%' then {{ column }}
            {%- endfor %}
            {%- for column in typed_raw_columns(raw_table) %}
            when rejection_reason like '{{ column }}_%' then {{ number_shape('raw_' ~ column) }}
            {%- endfor %}
        end as word

    from {{ model }}

    where rejection_reason is not null
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

rejected_words as (

    select
        raw_table,
        source_system,
        rejection_reason,
        word,
        count(*) as row_count

    from rejected_rows

    group by raw_table, source_system, rejection_reason, word

)

select * from rejected_words
