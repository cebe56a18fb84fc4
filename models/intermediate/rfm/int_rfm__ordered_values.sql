with

measures as (

    select * from {{ ref('crm_segmentation', 'contact_rfm_measures') }}

),

{{ rfm_ordered_values() }}

select * from ordered_values
