{{ config(enabled=is_connected('shopify', 'raw_consents')) }}

with

customers as (

    select * from {{ ref('crm_segmentation', 'landed_shopify__customers') }}
    where source_system in ({{ instances_feeding('shopify', 'raw_consents') }})

),

-- Older connections say no of everybody who was never asked, too. Only who has opted in once can have taken it back.
states as (

    select
        source_system,
        customer_id,
        'email' as channel,
        lower(
            coalesce(
                email_state,
                case
                    when accepts_marketing then 'subscribed'
                    when not accepts_marketing and marketing_opt_in_level is not null then 'unsubscribed'
                end
            )
        ) as state,
        case when email_state is null then accepts_marketing_updated_at else email_state_changed_at end as changed_at,
        created_at,
        loaded_at

    from customers

    union all

    select
        source_system,
        customer_id,
        'sms' as channel,
        lower(sms_state) as state,
        sms_state_changed_at as changed_at,
        created_at,
        loaded_at

    from customers

),

-- not_subscribed was never asked, pending has not answered, invalid is an address, and redacted is no decision but an erasure.
consents as (

    select
        source_system,
        customer_id as source_contact_id,
        channel,
        loaded_at,
        'shopify' as consent_source,
        case state when 'subscribed' then 'granted' else 'withdrawn' end as consent_status,
        case state when 'subscribed' then coalesce(changed_at, created_at) else changed_at end as occurred_at

    from states

    where state in ('subscribed', 'unsubscribed')

)

select * from consents
