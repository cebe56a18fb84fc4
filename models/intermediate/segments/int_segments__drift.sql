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
        sizes.as_of_date,
        sizes.contact_count,
        max(earlier.as_of_date) as baseline_date

    from sizes

    inner join sizes as earlier
        on
            sizes.segment_name = earlier.segment_name
            and sizes.definition_version = earlier.definition_version
            and earlier.as_of_date <= {{ add_days(as_of_date(), -var('segment_drift_days')) }}

    where sizes.as_of_date = {{ as_of_date() }}

    group by sizes.segment_name, sizes.as_of_date, sizes.contact_count

),

counts_now as (

    select
        baselines.segment_name,
        profiles.trait,
        profiles.trait_value,
        profiles.contact_count as count_now,
        0 as count_then

    from baselines

    inner join profiles
        on baselines.segment_name = profiles.segment_name and baselines.as_of_date = profiles.as_of_date

    where profiles.trait != 'everyone'

),

counts_then as (

    select
        baselines.segment_name,
        profiles.trait,
        profiles.trait_value,
        0 as count_now,
        profiles.contact_count as count_then

    from baselines

    inner join profiles
        on baselines.segment_name = profiles.segment_name and baselines.baseline_date = profiles.as_of_date

    where profiles.trait != 'everyone'

),

both_counts as (

    select * from counts_now

    union all

    select * from counts_then

),

value_counts as (

    select
        segment_name,
        trait,
        trait_value,
        sum(count_now) as count_now,
        sum(count_then) as count_then

    from both_counts

    group by segment_name, trait, trait_value

),

-- A trait that only one of the two days measured, because segment_profile_traits has changed, says nothing about drift.
with_totals as (

    select
        *,
        sum(count_now) over (partition by segment_name, trait) as total_now,
        sum(count_then) over (partition by segment_name, trait) as total_then

    from value_counts

),

-- A share of zero counts as 0.0001, the usual floor, because zero has no logarithm.
shares as (

    select
        segment_name,
        trait,
        {{ greatest_of(['cast(cast(count_now as numeric(18, 8)) / total_now as numeric(18, 8))', '0.0001']) }} as share_now,
        {{ greatest_of(['cast(cast(count_then as numeric(18, 8)) / total_then as numeric(18, 8))', '0.0001']) }} as share_then

    from with_totals

    where total_now > 0 and total_then > 0

),

stability_indexes as (

    select
        segment_name,
        trait,
        cast(
            sum((share_now - share_then) * cast(ln(share_now / share_then) as numeric(18, 8))) as numeric(18, 4)
        ) as stability_index

    from shares

    group by segment_name, trait

),

ranked as (

    select
        segment_name,
        trait as drift_trait,
        stability_index as drift,
        row_number() over (
            partition by segment_name order by stability_index desc, {{ by_code_point('trait') }} asc
        ) as drift_rank

    from stability_indexes

),

drift as (

    select
        segment_name,
        drift_trait,
        drift

    from ranked

    where drift_rank = 1

)

select * from drift
