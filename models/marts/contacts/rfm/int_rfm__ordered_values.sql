with

measures as (

    select * from {{ ref('contact_rfm_measures') }}

),

{{ rfm_ordered_values() }}

select * from ordered_values
