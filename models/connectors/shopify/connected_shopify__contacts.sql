{{ config(enabled=is_connected('shopify', 'raw_contacts')) }}

with

customers as (

    select * from {{ ref('crm_segmentation', 'landed_shopify__customers') }}
    where source_system in ({{ instances_feeding('shopify', 'raw_contacts') }})

),

-- A shop that erases a customer empties the row and leaves this state behind, with the day of it as the day of the last change.
contacts as (

    select
        source_system,
        customer_id as source_contact_id,
        email,
        phone,
        first_name,
        last_name,
        company,
        address_line,
        postal_code,
        city,
        region,
        country,
        created_at,
        updated_at,
        loaded_at,
        case when lower(email_state) = 'redacted' or lower(sms_state) = 'redacted' then coalesce(updated_at, created_at) end as deleted_at

    from customers

)

select * from contacts
