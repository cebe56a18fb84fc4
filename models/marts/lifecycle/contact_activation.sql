with

contacts as (

    select * from {{ ref('crm_segmentation', 'contacts') }}

),

sign_ups as (

    select * from {{ ref('crm_segmentation', 'int_lifecycle__milestones') }}
    where event_name = 'sign_up'

),

subscriptions as (

    select * from {{ ref('crm_segmentation', 'int_lifecycle__subscriptions') }}

),

-- A source that keeps no date of the sign-up may still have sent the event.
dated as (

    select
        contacts.contact_id,
        cast(contacts.first_seen_at as date) as known_on,
        cast(coalesce(contacts.signed_up_at, sign_ups.first_occurred_at) as date) as signed_up_on,
        cast(subscriptions.first_started_at as date) as subscribed_on

    from contacts

    left join sign_ups on contacts.contact_id = sign_ups.contact_id

    left join subscriptions on contacts.contact_id = subscriptions.contact_id

),

activation as (

    select
        contact_id,
        known_on,
        signed_up_on,
        subscribed_on,
        case
            when subscribed_on is not null then 'subscribed'
            when signed_up_on is not null then 'signed_up'
            else 'known'
        end as activation_step,
        case
            when subscribed_on is not null then null
            when signed_up_on is not null then 'subscribed'
            else 'signed_up'
        end as next_conversion_point,
        {{ as_of_date() }} as as_of_date

    from dated

)

select * from activation
