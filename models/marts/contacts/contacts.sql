{%- set attributes = survivorship_attributes() -%}
{%- set any_part = 'coalesce(source_records.address_line, source_records.postal_code, source_records.city, source_records.region)' -%}

-- Guarantees one row per person, each attribute by its rule; an address comes whole from one record, best one with place and country.
with

{{ imports({'source_records': 'int_contacts__source_records', 'frequent_values': 'int_contacts__frequent_values'}) }}

-- Since when the project has known the person, through whatever record: one that is gone takes nothing of it along.
first_seen as (

    select
        contact_id,
        min(first_seen_at) as first_seen_at

    from {{ ref('crm_segmentation', 'int_contacts__known_records') }}

    group by contact_id

),

-- One row, so that every record has the rule of every attribute beside it.
rules as (

    select
        {%- for attribute in attributes %}
        max(case when attribute = '{{ attribute }}' then rule end) as {{ attribute }}_rule,
        {%- endfor %}
        max(case when attribute = 'address' then rule end) as address_rule
    from {{ ref('crm_segmentation', 'survivorship_rules') }}

),

address_ranked as (

    select
        source_records.*,
        rules.*,
        row_number() over (
            partition by source_records.contact_id
            order by
                case
                    when coalesce(source_records.city, source_records.postal_code) is not null and source_records.country_code is not null
                        then 1
                    when {{ any_part }} is not null then 2
                    when source_records.country_code is not null then 3
                    else 4
                end asc,
                {{ survivorship_rank('rules.address_rule') }} asc
        ) as address_rank

    from source_records

    cross join rules

),

golden as (

    select
        cast(contact_id as {{ dbt.type_string() }}) as contact_id,
        {%- for attribute in attributes %}
        {{ value_at_lowest(attribute, survivorship_rank(attribute ~ '_rule')) }} as {{ attribute }},
        {%- endfor %}
        {%- for part in address_parts() %}
        max(case when address_rank = 1 then {{ part }} end) as {{ part }},
        {%- endfor %}
        min(signed_up_at) as signed_up_at,
        max(updated_at) as updated_at,
        cast(count(*) as {{ dbt.type_int() }}) as source_record_count,
        max(case when is_erased then 1 else 0 end) = 1 as is_erased,
        max(case when is_held_back then 1 else 0 end) = 1 as is_held_back

    from address_ranked

    group by contact_id

),

contacts as (

    select
        {%- for attribute in attributes %}
        coalesce(frequent_values.{{ attribute }}, golden.{{ attribute }}) as {{ attribute }},
        {%- endfor %}
        {%- for column in address_parts() + ['contact_id', 'signed_up_at', 'updated_at', 'source_record_count', 'is_erased'] %}
        golden.{{ column }},
        {%- endfor %}
        golden.is_held_back,
        first_seen.first_seen_at

    from golden

    left join first_seen on golden.contact_id = first_seen.contact_id

    left join frequent_values on golden.contact_id = frequent_values.contact_id

)

select * from contacts
