with

message_histories as (

    select * from {{ ref('crm_segmentation', 'int_consents__message_histories') }}

),

complaint_tags as (

    select * from {{ ref('crm_segmentation', 'stg_people__contact_tags') }}
    where removed_at is null and tag in ({{ text_literals(var('complaint_tags')) }})

),

known_records as (

    select * from {{ ref('crm_segmentation', 'int_contacts__known_records') }}

),

signals as (

    select
        contact_id,
        last_sent_at,
        0 as complaint_count

    from message_histories

    union all

    select
        known_records.contact_id,
        cast(null as timestamp) as last_sent_at,
        1 as complaint_count

    from complaint_tags

    inner join known_records on complaint_tags.record_id = known_records.record_id

),

relations as (

    select
        contact_id,
        max(last_sent_at) as last_message_at,
        sum(complaint_count) > 0 as has_open_complaint

    from signals

    group by contact_id

)

select * from relations
