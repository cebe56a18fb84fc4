{{ config(enabled=is_connected('mailchimp', 'raw_consents')) }}

with

members as (

    select
        source_system,
        member_id,
        list_id,
        opted_in_at,
        signed_up_at,
        changed_at,
        loaded_at,
        lower(status) as status

    from {{ ref('crm_segmentation', 'landed_mailchimp__members') }}

    where source_system in ({{ instances_feeding('mailchimp', 'raw_consents') }})

),

unsubscribes as (

    select * from {{ ref('crm_segmentation', 'landed_mailchimp__unsubscribes') }}
    where source_system in ({{ instances_feeding('mailchimp', 'raw_consents') }})

),

last_unsubscribes as (

    select
        source_system,
        member_id,
        list_id,
        max(occurred_at) as occurred_at

    from unsubscribes

    group by source_system, member_id, list_id

),

-- A confirmed opt-in was a yes, whatever came later. Who has not confirmed, was written to for an order or was archived has said nothing.
yeses as (

    select
        source_system,
        member_id,
        case status when 'subscribed' then coalesce(opted_in_at, signed_up_at) else opted_in_at end as occurred_at,
        loaded_at,
        'granted' as consent_status

    from members

    where status = 'subscribed' or (status = 'unsubscribed' and opted_in_at is not null)

),

-- Any edit moves last_changed. It dates a no only where the campaign by which somebody left is not known, as of who was taken out by hand.
undated_noes as (

    select
        members.source_system,
        members.member_id,
        members.changed_at as occurred_at,
        members.loaded_at,
        'withdrawn' as consent_status

    from members

    left join last_unsubscribes
        on
            members.source_system = last_unsubscribes.source_system
            and members.member_id = last_unsubscribes.member_id
            and members.list_id = last_unsubscribes.list_id

    where
        members.status = 'unsubscribed'
        and (last_unsubscribes.occurred_at is null or last_unsubscribes.occurred_at < members.opted_in_at)

),

decisions as (

    select * from yeses

    union all

    select * from undated_noes

    union all

    select
        source_system,
        member_id,
        occurred_at,
        loaded_at,
        'withdrawn' as consent_status

    from unsubscribes

),

consents as (

    select
        source_system,
        member_id as source_contact_id,
        occurred_at,
        loaded_at,
        consent_status,
        'email' as channel,
        'mailchimp' as consent_source

    from decisions

)

select * from consents
