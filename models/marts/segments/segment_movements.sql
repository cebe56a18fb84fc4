with

history as (

    select * from {{ ref('crm_segmentation', 'segment_membership_history') }}

),

measurements as (

    select * from {{ ref('crm_segmentation', 'int_segments__measurements') }}

),

ends_of_spells as (

    select
        segment_name,
        contact_id,
        entered_on as as_of_date,
        'entered' as movement

    from history

    union all

    select
        segment_name,
        contact_id,
        exited_on as as_of_date,
        'exited' as movement

    from history

    where exited_on is not null

),

-- A contact that is in the segment before and after a change of the definition has not moved.
counted as (

    select
        *,
        count(*) over (partition by segment_name, contact_id, as_of_date) as end_count

    from ends_of_spells

),

movements as (

    select
        counted.segment_name,
        counted.contact_id,
        counted.as_of_date,
        cast(counted.movement as {{ dbt.type_string() }}) as movement,
        cast(measurements.movement_cause as {{ dbt.type_string() }}) as movement_cause

    from counted

    inner join measurements
        on counted.segment_name = measurements.segment_name and counted.as_of_date = measurements.as_of_date

    where counted.end_count = 1

)

select * from movements
