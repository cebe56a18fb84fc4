{{ config(materialized='view') }}

-- Guarantees every order that was kept, with a contact or without: one that leads to nobody counts among the orders
-- and makes nobody a customer.
with

priced_orders as (

    select * from {{ ref('crm_segmentation', 'int_commerce__orders_in_reporting_currency') }}

),

known_records as (

    select * from {{ ref('crm_segmentation', 'int_contacts__known_records') }}

),

identifier_owners as (

    select * from {{ ref('crm_segmentation', 'int_contacts__identifier_owners') }}

),

-- The contact the source names; for a guest the owner of the e-mail address, then of the phone number.
attributed as (

    select
        priced_orders.order_id,
        priced_orders.source_system,
        priced_orders.source_order_id,
        priced_orders.ordered_at,
        priced_orders.ordered_on,
        priced_orders.order_status,
        priced_orders.not_a_purchase_reason,
        priced_orders.currency,
        priced_orders.order_total,
        priced_orders.discount_total,
        priced_orders.refund_total,
        priced_orders.net_amount,
        priced_orders.promotion_code,
        priced_orders.sales_channel,
        priced_orders.lines_fingerprint,
        coalesce(
            known_records.contact_id,
            {{ owner_at('email_owners', 'priced_orders.ordered_at') }},
            {{ owner_at('phone_owners', 'priced_orders.ordered_at') }}
        ) as contact_id,
        priced_orders.not_a_purchase_reason is null as is_purchase

    from priced_orders

    left join known_records on priced_orders.record_id = known_records.record_id

    left join identifier_owners as email_owners
        on email_owners.identifier_type = 'email' and priced_orders.email_key = email_owners.identifier_key

    left join identifier_owners as phone_owners
        on phone_owners.identifier_type = 'phone' and priced_orders.phone_key = phone_owners.identifier_key

)

select * from attributed
