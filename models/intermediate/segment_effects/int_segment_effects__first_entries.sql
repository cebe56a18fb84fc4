with

spells as (

    select * from {{ ref('crm_segmentation', 'segment_membership_history') }}

),

-- The first entry only: a contact that comes and goes is still one contact.
first_entries as (

    select
        segment_name,
        contact_id,
        min(entered_on) as entered_on

    from spells

    group by segment_name, contact_id

)

select * from first_entries
