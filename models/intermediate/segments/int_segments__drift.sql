{%- set stability_index = 'cast(sum((share_now - share_then) * cast(ln(share_now / share_then) as numeric(18, 8))) as numeric(18, 4))' -%}

-- Guarantees that only make-ups by the same definition are compared, of segments that are large enough on both days.
with

profiles as (

    select * from {{ ref('crm_segmentation', 'segment_profiles') }}
    where as_of_date <= {{ as_of_date() }}

),

sizes as (

    select * from profiles
    where trait = 'everyone' and contact_count >= {{ var('segment_smallest_count') }}

),

-- The last make-up from before the drift period, by the same definition; a handful of members has none to speak of.
baselines as (

    select
        sizes.segment_name,
        max(earlier.as_of_date) as baseline_date

    from sizes

    inner join sizes as earlier
        on sizes.segment_name = earlier.segment_name and sizes.definition_version = earlier.definition_version

    where sizes.as_of_date = {{ as_of_date() }} and earlier.as_of_date <= {{ add_days(as_of_date(), -var('segment_drift_days')) }}

    group by sizes.segment_name

),

value_counts as (

    select
        {%- for moment, day in {'now': as_of_date(), 'then': 'baselines.baseline_date'}.items() %}
        {%- set contact_count = 'sum(case when profiles.as_of_date = ' ~ day ~ ' then profiles.contact_count else 0 end)' %}
        {{ contact_count }} as count_{{ moment }},
        sum({{ contact_count }}) over (partition by profiles.segment_name, profiles.trait) as total_{{ moment }},
        {%- endfor %}
        profiles.segment_name,
        profiles.trait

    from profiles

    inner join baselines on profiles.segment_name = baselines.segment_name

    where profiles.trait != 'everyone'

    group by profiles.segment_name, profiles.trait, profiles.trait_value

),

-- A share of zero counts as 0.0001, the usual floor, because zero has no logarithm.
shares as (

    select
        segment_name,
        trait,
        {{ greatest_of(['cast(cast(count_now as numeric(18, 8)) / total_now as numeric(18, 8))', '0.0001']) }} as share_now,
        {{ greatest_of(['cast(cast(count_then as numeric(18, 8)) / total_then as numeric(18, 8))', '0.0001']) }} as share_then

    from value_counts

    -- A trait that only one of the two days measured, because segment_profile_traits has changed, says nothing about drift.
    where total_now > 0 and total_then > 0

),

stability_indexes as (

    select
        segment_name,
        trait as drift_trait,
        {{ stability_index }} as drift,
        row_number() over (
            partition by segment_name order by {{ stability_index }} desc, {{ by_code_point('trait') }} asc
        ) as drift_rank

    from shares

    group by segment_name, trait

),

drift as (

    select * from stability_indexes
    where drift_rank = 1

)

select * from drift
