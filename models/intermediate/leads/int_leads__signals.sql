-- Guarantees that a trait counts as of today, so that its points do not fade with age as those for events do.
with

recent_activity as (

    select * from {{ ref('crm_segmentation', 'contact_activity_daily') }}
    where {{ in_last_days('occurred_on', 90) }}

),

contacts as (

    select * from {{ ref('crm_segmentation', 'contacts') }}
    where not is_erased

),

activation as (

    select * from {{ ref('crm_segmentation', 'contact_activation') }}

),

permissions as (

    select * from {{ ref('crm_segmentation', 'int_consents__permissions') }}

),

facts as (

    select
        contacts.contact_id,
        contacts.company,
        contacts.phone_e164,
        activation.signed_up_on,
        coalesce(permissions.may_email, false) as may_email

    from contacts

    left join activation on contacts.contact_id = activation.contact_id

    left join permissions on contacts.contact_id = permissions.contact_id

),

held_traits as (

    {{ explode_texts('facts', ['contact_id'], [
        "case when company is not null then 'is_business' end",
        "case when signed_up_on is not null then 'is_signed_up' end",
        "case when may_email then 'may_email' end",
        "case when phone_e164 is not null then 'has_phone' end",
    ], 'signal_name') }}

),

signals as (

    select
        recent_activity.contact_id,
        'event' as signal_type,
        recent_activity.event_name as signal_name,
        recent_activity.occurred_on,
        recent_activity.event_count as signal_count

    from recent_activity

    inner join contacts on recent_activity.contact_id = contacts.contact_id

    union all

    select
        contact_id,
        'trait' as signal_type,
        signal_name,
        {{ as_of_date() }} as occurred_on,
        1 as signal_count

    from held_traits

)

select * from signals
