{%- set attributes = [
    'email', 'phone_e164', 'first_name', 'last_name', 'birth_date', 'gender', 'education', 'income_band', 'job_title',
    'company', 'interests', 'lifestyle', 'language_code', 'time_zone', 'acquisition_source',
] -%}
{%- set address_parts = ['address_line', 'postal_code', 'city', 'region'] -%}

with

source_records as (

    select * from {{ ref('stg_people__contacts') }}

),

contact_records as (

    select * from {{ ref('contact_records') }}

),

source_priorities as (

    select * from {{ ref('source_priorities') }}

),

-- The newest record speaks first; of two equally new ones, the source that is trusted more.
ranked as (

    select
        source_records.*,
        contact_records.contact_id,
        row_number() over (
            partition by contact_records.contact_id
            order by
                source_records.updated_at desc,
                coalesce(source_priorities.priority, 1000) asc,
                source_records.record_id asc
        ) as attribute_rank

    from source_records

    inner join contact_records on source_records.record_id = contact_records.record_id

    left join source_priorities on source_records.source_system = source_priorities.source_system

),

-- An address is taken whole from one record, best from one that names the place and the country.
address_ranked as (

    select
        *,
        row_number() over (
            partition by contact_id
            order by
                case
                    when coalesce(city, postal_code) is not null and country_code is not null then 1
                    when coalesce(address_line, postal_code, city, region) is not null then 2
                    else 3
                end asc,
                attribute_rank asc
        ) as address_rank

    from ranked

),

golden as (

    select
        contact_id,
        {%- for attribute in attributes %}
        {{ value_at_lowest(attribute, 'attribute_rank') }} as {{ attribute }},
        {%- endfor %}
        {%- for part in address_parts %}
        max(case when address_rank = 1 then {{ part }} end) as {{ part }},
        {%- endfor %}
        coalesce(
            max(case when address_rank = 1 then country_code end),
            {{ value_at_lowest('country_code', 'attribute_rank') }}
        ) as country_code,
        min(created_at) as first_seen_at,
        min(signed_up_at) as signed_up_at,
        max(updated_at) as updated_at,
        count(*) as source_record_count,
        max(case when is_erased then 1 else 0 end) = 1 as is_erased

    from address_ranked

    group by contact_id

),

-- Of an erased contact only the key, the dates and the counts stay.
contacts as (

    select
        cast(contact_id as {{ dbt.type_string() }}) as contact_id,
        {%- for attribute in attributes + address_parts + ['country_code'] %}
        case when not is_erased then {{ attribute }} end as {{ attribute }},
        {%- endfor %}
        first_seen_at,
        signed_up_at,
        updated_at,
        cast(source_record_count as {{ dbt.type_int() }}) as source_record_count,
        is_erased

    from golden

)

select * from contacts
