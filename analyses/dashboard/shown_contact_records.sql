-- Of how many records is a person made?
with

contact_sizes as (

    select
        contact_id,
        count(*) as records_per_contact

    from {{ ref('crm_segmentation', 'contact_records') }}

    group by contact_id

)

select
    case when records_per_contact > 4 then '5 and more' else cast(records_per_contact as {{ dbt.type_string() }}) end as records,
    count(*) as contact_count
from contact_sizes
group by case when records_per_contact > 4 then '5 and more' else cast(records_per_contact as {{ dbt.type_string() }}) end
order by records asc
