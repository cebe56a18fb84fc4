with

sizes as (

    select * from {{ ref('crm_segmentation', 'segment_profiles') }}
    where trait = 'everyone'

),

measured_days as (

    select distinct as_of_date from sizes

),

segments as (

    select distinct segment_name from sizes

),

-- A segment that is not in force on a day has no size then.
segment_days as (

    select
        segments.segment_name,
        measured_days.as_of_date,
        sizes.definition_version,
        sizes.contact_count,
        sizes.population_count,
        lag(sizes.definition_version) over (
            partition by segments.segment_name order by measured_days.as_of_date asc
        ) as previous_definition_version,
        lag(sizes.contact_count) over (
            partition by segments.segment_name order by measured_days.as_of_date asc
        ) as previous_contact_count

    from segments

    cross join measured_days

    left join sizes
        on segments.segment_name = sizes.segment_name and measured_days.as_of_date = sizes.as_of_date

),

measurements as (

    select
        *,
        case
            when previous_definition_version is null then 'new_segment'
            when definition_version is null then 'removed_segment'
            when definition_version != previous_definition_version then 'definition'
            else 'contact'
        end as movement_cause

    from segment_days

    where definition_version is not null or previous_definition_version is not null

)

select * from measurements
