{{ config(post_hook=[
    "{{ crm_segmentation.forget_texts_of_events() }}",
    "{{ crm_segmentation.forget_campaign_texts_of_events() }}",
    "{{ crm_segmentation.forget_texts_of_visits() }}",
    "{{ crm_segmentation.forget_topics() }}",
]) }}

-- depends_on: {{ ref('crm_segmentation', 'base_activity__events') }}
-- depends_on: {{ ref('crm_segmentation', 'int_activity__visits') }}
-- depends_on: {{ ref('crm_segmentation', 'int_activity__interests') }}
-- depends_on: {{ ref('crm_segmentation', 'stg_activity__campaigns') }}

with

daily as (

    select * from {{ ref('crm_segmentation', 'int_activity__daily') }}
    where visitor_type = 'contact'

),

identifications as (

    select * from {{ ref('crm_segmentation', 'int_activity__identifications') }}

),

erased_records as (

    select * from {{ ref('crm_segmentation', 'int_identity__erased_records') }}

),

contact_visitors as (

    select distinct
        source_system,
        visitor_id

    from daily

),

erased_contacts as (

    select
        contact_visitors.source_system,
        contact_visitors.visitor_id

    from contact_visitors

    inner join erased_records
        on {{ hashed_key(['contact_visitors.source_system', 'contact_visitors.visitor_id']) }} = erased_records.record_id

),

-- A browser that somebody who is not erased has used too may show what that person did.
erased_browsers as (

    select
        identifications.source_system,
        identifications.anonymous_id as visitor_id

    from identifications

    left join erased_contacts
        on
            identifications.source_system = erased_contacts.source_system
            and identifications.source_contact_id = erased_contacts.visitor_id

    group by identifications.source_system, identifications.anonymous_id

    having count(erased_contacts.visitor_id) = count(*)

),

erased_visitors as (

    select
        source_system,
        'contact' as visitor_type,
        visitor_id

    from erased_contacts

    union all

    select
        source_system,
        'anonymous' as visitor_type,
        visitor_id

    from erased_browsers

)

select * from erased_visitors
