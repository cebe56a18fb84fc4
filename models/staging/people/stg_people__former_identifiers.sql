with

older_versions as (

    select * from {{ ref('base_people__contacts') }}
    where row_status = 'superseded'

),

countries as (

    select * from {{ ref('base_people__spellings') }}
    where kind = 'country'

),

phone_numbers as (

    select * from {{ ref('base_people__phone_numbers') }}

),

placeholders as (

    select * from {{ ref('placeholder_identifiers') }}

),

shown as (

    select
        {{ hashed_key(['older_versions.source_system', 'older_versions.source_contact_id']) }} as record_id,
        {{ email_address('older_versions.email') }} as email,
        phone_numbers.phone_line

    from older_versions

    left join countries on lower(older_versions.country) = countries.spelling

    left join phone_numbers
        on
            older_versions.phone = phone_numbers.phone
            and coalesce({{ phone_country('older_versions.country', 'countries.stored_value') }}, '')
            = coalesce(phone_numbers.country_code, '')

),

identifier_values as (

    select
        record_id,
        'email' as identifier_type,
        {{ matching_email('email') }} as identifier_value

    from shown

    union distinct

    select
        record_id,
        'phone' as identifier_type,
        phone_line as identifier_value

    from shown

),

-- What stands for nobody tells of nobody: a value, or a part of an address.
former_identifiers as (

    select
        identifier_values.record_id,
        identifier_values.identifier_type,
        {{ identifier_key('identifier_values.identifier_value') }} as identifier_key

    from identifier_values
    {%- for part, value in {
        'value': 'identifier_values.identifier_value',
        'local_part': "split_part(identifier_values.identifier_value, '@', 1)",
        'domain': "split_part(identifier_values.identifier_value, '@', 2)",
    }.items() %}

    left join placeholders as placeholder_{{ part }}s
        on
            placeholder_{{ part }}s.matched_part = '{{ part }}'
            and identifier_values.identifier_type = placeholder_{{ part }}s.identifier_type
            and {{ value }} = placeholder_{{ part }}s.placeholder
    {%- endfor %}

    where
        identifier_values.identifier_value is not null
        and placeholder_values.placeholder is null
        and placeholder_local_parts.placeholder is null
        and placeholder_domains.placeholder is null

)

select * from former_identifiers
