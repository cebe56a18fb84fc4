{{ config(enabled=is_connected('clevertap')) }}

-- Guarantees each order once: an app that reports a purchase again gives it the same number.
with

ranked_charges as (

    select
        *,
        row_number() over (
            partition by contact_system, order_id
            order by occurred_at, {{ by_code_point('event_id') }}
        ) as charge_number

    from {{ ref('crm_segmentation', 'connected_clevertap__acts') }}

    where shown_name = 'charged' and order_id is not null

),

charges as (

    select
        source_system,
        contact_system,
        order_id,
        person_key,
        email,
        phone,
        amount,
        currency,
        items,
        occurred_at,
        loaded_at

    from ranked_charges

    where charge_number = 1

)

select * from charges
