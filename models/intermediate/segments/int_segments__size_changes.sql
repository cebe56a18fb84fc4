-- Guarantees a row for every segment in force that was measured today. It says how unusual the change is only where
-- the same definition has moved often enough before.
with

measurements as (

    select * from {{ ref('crm_segmentation', 'int_segments__measurements') }}

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
        cast(contact_count - previous_contact_count as numeric(19, 0)) as size_change

    from measurements

    where as_of_date < {{ as_of_date() }} and movement_cause = 'contact'

),

-- Sums of whole numbers: no order of the rows shows in the last digits.
past_sums as (

    select
        segment_name,
        definition_version,
        cast(count(*) as {{ double_type() }}) as change_count,
        cast(sum(size_change) as {{ double_type() }}) as change_total,
        cast(sum(size_change * size_change) as {{ double_type() }}) as change_square_total

    from past_changes

    group by segment_name, definition_version

),

past as (

    select
        segment_name,
        definition_version,
        change_count,
        change_total / change_count as mean_change,
        sqrt(
            {{ greatest_of(['change_square_total - change_total * change_total / change_count', '0e0']) }} / nullif(change_count - 1e0, 0e0)
        ) as change_deviation

    from past_sums

),

-- A deviation below one contact counts as one, or a segment that never moved could not be told from one that jumps.
size_changes as (

    select
        today.segment_name,
        cast(today.size_change as bigint) as size_change,
        cast(
            case
                when past.change_count >= {{ var('segment_past_change_count') }} and today.movement_cause = 'contact'
                    then round(
                        cast(today.size_change - past.mean_change as numeric(24, 8))
                        / {{ greatest_of(['cast(past.change_deviation as numeric(24, 8))', '1']) }},
                        2
                    )
            end as numeric(18, 2)
        ) as size_change_z

    from today

    left join past
        on today.segment_name = past.segment_name and today.definition_version = past.definition_version

)

select * from size_changes
