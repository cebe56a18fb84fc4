with

raw_contacts as (

    select * from {{ ref('crm_segmentation', 'base_people__contacts') }}
    where asks_for_erasure and source_system is not null and source_contact_id is not null

),

-- From rejected rows too: a record may have no other row left.
erasure_requests as (

    select
        {{ hashed_key(['source_system', 'source_contact_id']) }} as record_id,
        min(asked_at) as asked_at

    from raw_contacts

    group by source_system, source_contact_id

)

select * from erasure_requests
