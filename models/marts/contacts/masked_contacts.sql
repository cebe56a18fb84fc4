{{ config(materialized='view') }}

with

contacts as (

    select * from {{ ref('crm_segmentation', 'contacts') }}
    where not is_erased

),

masked_contacts as (

    select
        contact_id,
        email is not null as has_email,
        cast({{ text_part('email', '@', 2) }} as {{ dbt.type_string() }}) as email_domain,
        country_code,
        language_code,
        first_seen_at

    from contacts

)

select * from masked_contacts
