-- How large was each segment on every day that was measured?
with

measured_days as (

    select distinct as_of_date
    from {{ ref('crm_segmentation', 'segment_profiles') }}

),

sizes as (

    select
        measured_days.as_of_date,
        history.segment_name,
        count(distinct history.contact_id) as contact_count

    from measured_days

    inner join {{ ref('crm_segmentation', 'segment_membership_history') }} as history
        on
            measured_days.as_of_date >= history.entered_on
            and (history.exited_on is null or measured_days.as_of_date < history.exited_on)

    group by measured_days.as_of_date, history.segment_name

)

select
    sizes.as_of_date,
    definitions.model,
    definitions.exclusive_group,
    sizes.contact_count,
    coalesce(definitions.label, {{ crm_segmentation.in_words('definitions.segment_name') }}) as segment
from sizes
inner join {{ ref('crm_segmentation', 'segment_definitions') }} as definitions
    on sizes.segment_name = definitions.segment_name
order by sizes.as_of_date asc, definitions.segment_name asc
