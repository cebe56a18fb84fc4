{{ config(enabled=is_connected('shopify', 'raw_contacts')) }}

with

customers as (

    select * from {{ ref('crm_segmentation', 'landed_shopify__customers') }}
    where source_system in ({{ instances_feeding('shopify', 'raw_contacts') }})

),

-- Of several that say so the one with the lowest key.
default_addresses as (

    select
        source_system,
        {%- for column in ['company', 'address_line', 'postal_code', 'city', 'region', 'country', 'phone'] %}
        {{ value_at_lowest(column, by_code_point("coalesce(address_id, '')")) }} as {{ column }},
        {%- endfor %}
        customer_id

    from {{ ref('crm_segmentation', 'landed_shopify__addresses') }}

    where is_default

    group by source_system, customer_id

),

-- A shop that erases a customer empties the row and leaves this state behind, with the day of it as the day of the last change.
contacts as (

    select
        customers.source_system,
        customers.customer_id as source_contact_id,
        customers.email,
        customers.first_name,
        customers.last_name,
        {%- for column in ['phone', 'company', 'address_line', 'postal_code', 'city', 'region', 'country'] %}
        coalesce(customers.{{ column }}, default_addresses.{{ column }}) as {{ column }},
        {%- endfor %}
        customers.created_at,
        customers.updated_at,
        customers.loaded_at,
        case
            when lower(customers.email_state) = 'redacted' or lower(customers.sms_state) = 'redacted'
                then coalesce(customers.updated_at, customers.created_at)
        end as deleted_at

    from customers

    left join default_addresses
        on customers.source_system = default_addresses.source_system and customers.customer_id = default_addresses.customer_id

)

select * from contacts
