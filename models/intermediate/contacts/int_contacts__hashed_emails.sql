{{ config(materialized='view') }}

-- A view, so that no hash of an address is kept anywhere.
with

usable_addresses as (

    select distinct email from {{ ref('crm_segmentation', 'stg_people__contacts') }}
    where email is not null and not is_erased

),

hashed_emails as (

    select
        {{ hashed('email') }} as email_sha256,
        {{ identifier_key(matching_email('email')) }} as identifier_key

    from usable_addresses

)

select * from hashed_emails
