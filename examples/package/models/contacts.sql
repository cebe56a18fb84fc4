-- What the shop makes of the package's answers.
select
    contacts.contact_id,
    contact_rfm_scores.rfm_group,
    contact_lifecycle_stages.lifecycle_stage

from {{ ref('crm_segmentation', 'contacts') }} as contacts

inner join {{ ref('crm_segmentation', 'contact_lifecycle_stages') }} as contact_lifecycle_stages
    on contacts.contact_id = contact_lifecycle_stages.contact_id

left join {{ ref('crm_segmentation', 'contact_rfm_scores') }} as contact_rfm_scores
    on contacts.contact_id = contact_rfm_scores.contact_id
