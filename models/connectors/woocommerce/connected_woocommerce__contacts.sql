{{ config(enabled=is_connected('woocommerce', 'raw_contacts')) }}

with

customers as (

    select * from {{ ref('crm_segmentation', 'landed_woocommerce__customers') }}
    where source_system in ({{ instances_feeding('woocommerce', 'raw_contacts') }})

),

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
        loaded_at

    from customers

)

select * from contacts
