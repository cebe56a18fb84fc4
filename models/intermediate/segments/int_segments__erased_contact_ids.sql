with

erased_contacts as (

    select contact_id from {{ ref('crm_segmentation', 'contacts') }}
    where is_erased

),

former_ids as (

    select * from {{ ref('crm_segmentation', 'int_segments__former_contact_ids') }}

),

erased_ids as (

    select contact_id from erased_contacts

    union all

    select former_ids.former_contact_id as contact_id

    from former_ids

    inner join erased_contacts on former_ids.contact_id = erased_contacts.contact_id

)

select * from erased_ids
