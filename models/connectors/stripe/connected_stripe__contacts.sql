{{ config(enabled=is_connected('stripe', 'raw_contacts')) }}

with

-- Whoever tries the account out is nobody. A customer that the team has deleted is a row that is gone, and no request for erasure.
customers as (

    select * from {{ ref('crm_segmentation', 'landed_stripe__customers') }}
    where
        source_system in ({{ instances_feeding('stripe', 'raw_contacts') }})
        and coalesce(is_live, true)
        and not coalesce(was_deleted, false)

),

contacts as (

    select
        source_system,
        customer_id as source_contact_id,
        email,
        phone,
        address_line,
        postal_code,
        city,
        region,
        country,
        created_at,
        updated_at,
        loaded_at

    from customers

)

select * from contacts
