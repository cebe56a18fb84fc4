-- Guarantees that a value which stands for nobody, whole or by a part of an address, is no identifier of anybody.
with

older_versions as (

    select * from {{ ref('crm_segmentation', 'base_people__contacts') }}
    where row_status = 'superseded'

),

countries as (

    select * from {{ ref('crm_segmentation', 'base_people__spellings') }}
    where kind = 'country'

),

phone_numbers as (

    select * from {{ ref('crm_segmentation', 'base_people__phone_numbers') }}

),

placeholders as (

    select * from {{ ref('crm_segmentation', 'placeholder_identifiers') }}

),

shown_identifiers as (

    select
        {{ hashed_key(['older_versions.source_system', 'older_versions.source_contact_id']) }} as record_id,
        {{ email_address('older_versions.email') }} as email,
        phone_numbers.phone_line

    from older_versions

    left join countries on lower(older_versions.country) = countries.spelling

    left join phone_numbers on {{ same_phone('older_versions') }}

),

identifier_values as (

    select
        record_id,
        'email' as identifier_type,
        {{ matching_email('email') }} as identifier_value

    from shown_identifiers

    union distinct

    select
        record_id,
        'phone' as identifier_type,
        phone_line as identifier_value

    from shown_identifiers

),

former_identifiers as (

    select
        identifier_values.record_id,
        identifier_values.identifier_type,
        {{ identifier_key('identifier_values.identifier_value') }} as identifier_key

    from identifier_values

    left join placeholders as placeholder_values
        on
            placeholder_values.matched_part = 'value'
            and identifier_values.identifier_type = placeholder_values.identifier_type
            and identifier_values.identifier_value = placeholder_values.placeholder

    left join placeholders as placeholder_local_parts
        on
            placeholder_local_parts.matched_part = 'local_part'
            and identifier_values.identifier_type = placeholder_local_parts.identifier_type
            and {{ text_part('identifier_values.identifier_value', '@', 1) }} = placeholder_local_parts.placeholder

    left join placeholders as placeholder_domains
        on
            placeholder_domains.matched_part = 'domain'
            and identifier_values.identifier_type = placeholder_domains.identifier_type
            and {{ text_part('identifier_values.identifier_value', '@', 2) }} = placeholder_domains.placeholder

    where
        identifier_values.identifier_value is not null
        and placeholder_values.placeholder is null
        and placeholder_local_parts.placeholder is null
        and placeholder_domains.placeholder is null

)

select * from former_identifiers
