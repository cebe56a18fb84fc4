{{ config(incremental_strategy=incremental_strategy('append')) -}}

-- Guarantees one row per segment on the as-of date; a warning stands in it as long as its condition holds.
with

{{ imports({
    'definitions': 'segment_definitions',
    'size_changes': 'int_segments__size_changes',
    'drift': 'int_segments__drift',
    'nearest': 'int_segments__nearest',
}) }}

measurements as (

    select * from {{ ref('crm_segmentation', 'int_segments__measurements') }}
    where definition_version is not null and as_of_date <= {{ as_of_date() }}

),

movement_counts as (

    select
        segment_name,
        count(case when movement = 'entered' then 1 end) as entered_count,
        count(case when movement = 'exited' then 1 end) as exited_count

    from {{ ref('crm_segmentation', 'segment_movements') }}

    where as_of_date = {{ as_of_date() }}

    group by segment_name

),

-- Days for which today's definition has had no member: since it last had one, or else since it was first measured.
member_days as (

    select
        segment_name,
        definition_version,
        min(as_of_date) as first_measured_on,
        max(case when contact_count > 0 then as_of_date end) as last_filled_on

    from measurements

    group by segment_name, definition_version

),

measured_segments as (

    select
        measurements.segment_name,
        measurements.as_of_date,
        measurements.definition_version,
        measurements.contact_count,
        measurements.population_count,
        {{ rounded_ratio('measurements.contact_count', 'nullif(measurements.population_count, 0)', scale=4) }} as contact_share,
        cast(coalesce(movement_counts.entered_count, 0) as bigint) as entered_count,
        cast(coalesce(movement_counts.exited_count, 0) as bigint) as exited_count,
        size_changes.size_change,
        size_changes.size_change_z,
        drift.drift,
        drift.drift_trait,
        nearest.nearest_segment_name,
        nearest.nearest_jaccard,
        member_days.last_filled_on is not null as has_had_members,
        cast({{ days_ago('coalesce(member_days.last_filled_on, member_days.first_measured_on)') }} as {{ dbt.type_int() }}) as empty_days,
        cast({{ days_ago('definitions.reviewed_on') }} as {{ dbt.type_int() }}) as days_since_review

    from measurements

    inner join definitions on measurements.segment_name = definitions.segment_name

    inner join member_days
        on measurements.segment_name = member_days.segment_name and measurements.definition_version = member_days.definition_version
    {%- for relation in ['movement_counts', 'size_changes', 'drift', 'nearest'] %}

    left join {{ relation }} on measurements.segment_name = {{ relation }}.segment_name
    {%- endfor %}

    where measurements.as_of_date = {{ as_of_date() }}

),

health as (

    select
        measured_segments.*,
        cast(nullif(
            {%- for name, warning in segment_warnings().items() %}
            case when {{ warning.condition }} then '|{{ name }}' else '' end || {% endfor %} '', ''
        ) || '|' as {{ dbt.type_string() }}) as warnings

    from measured_segments

)

select * from health
