-- Which records may be one person, and what do the two say?
with

pairs_to_review as (

    select * from {{ ref('crm_segmentation', 'match_review') }}

),

contacts as (

    select * from {{ ref('crm_segmentation', 'stg_people__contacts') }}

),

side_by_side as (

    select
        pairs_to_review.match_probability,
        pairs_to_review.held_back_by,
        pairs_to_review.record_id_a,
        pairs_to_review.record_id_b,
        contacts.source_system,
        contacts.source_contact_id,
        contacts.first_name,
        contacts.last_name,
        contacts.birth_date,
        contacts.email,
        contacts.phone_e164,
        contacts.address_line,
        contacts.postal_code,
        contacts.city

    from pairs_to_review

    inner join contacts
        on pairs_to_review.record_id_a = contacts.record_id or pairs_to_review.record_id_b = contacts.record_id

)

select * from side_by_side
order by match_probability desc, record_id_a asc, record_id_b asc, source_system asc, source_contact_id asc
