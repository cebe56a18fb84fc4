with

measurements as (

    select * from {{ ref('int_segments__measurements') }}

),

today as (

    select
        segment_name,
        definition_version,
        movement_cause,
        contact_count - previous_contact_count as size_change

    from measurements

    where as_of_date = {{ as_of_date() }} and definition_version is not null

),

-- Only movements of contacts under the definition of today: a changed rule says nothing about the next day.
past_changes as (

    select
        segment_name,
        definition_version,
        count(*) as change_count,
        avg(contact_count - previous_contact_count) as mean_change,
        stddev_samp(contact_count - previous_contact_count) as change_deviation

    from measurements

    where as_of_date < {{ as_of_date() }} and movement_cause = 'contact'

    group by segment_name, definition_version

),

-- A deviation below one contact counts as one, or a segment that never moved could not be told from one that jumps.
size_changes as (

    select
        today.segment_name,
        cast(today.size_change as bigint) as size_change,
        cast(
            case
                when past_changes.change_count >= {{ var('segment_past_change_count') }} and today.movement_cause = 'contact'
                    then round(
                        cast(today.size_change - past_changes.mean_change as numeric(24, 8))
                        / greatest(cast(past_changes.change_deviation as numeric(24, 8)), 1),
                        2
                    )
            end as numeric(18, 2)
        ) as size_change_z

    from today

    left join past_changes
        on today.segment_name = past_changes.segment_name and today.definition_version = past_changes.definition_version

)

select * from size_changes
