{{ config(enabled=has_feature('lookalikes')) }}

with

value_counts as (

    select * from {{ ref('crm_segmentation', 'int_lookalikes__value_counts') }}

),

-- A trait has the same bins for every segment.
trait_value_counts as (

    select distinct
        trait,
        is_number,
        trait_value,
        value_text,
        {{ try_cast("case when is_number then value_text end", 'numeric(18, 4)') }} as value_number,
        contact_count

    from value_counts

),

placed as (

    select
        *,
        sum(contact_count) over (
            partition by trait, value_number is null order by value_number asc rows between unbounded preceding and current row
        ) - contact_count as contacts_below,
        sum(contact_count) over (partition by trait, value_number is null) as known_count,
        sum(contact_count) over (partition by trait) as trait_contact_count

    from trait_value_counts

),

-- Equal values are in one bin: the quantile in which the first of their contacts stands. Rare levels are pooled.
numbered as (

    select
        *,
        case
            when value_number is not null
                then ({{ whole_part('contacts_below * ' ~ var('lookalike_bin_count'), 'known_count') }})
        end as bin_number

    from placed

),

bounded as (

    select
        *,
        min(value_number) over (partition by trait, bin_number) as lowest_value,
        max(value_number) over (partition by trait, bin_number) as highest_value

    from numbered

),

named as (

    select
        trait,
        trait_value,
        case
            when lowest_value = highest_value then {{ plain_number('lowest_value') }}
            when value_number is not null then {{ plain_number('lowest_value') }} || ' to ' || {{ plain_number('highest_value') }}
            when value_text is null then '(none)'
            when contact_count * 100 < trait_contact_count * {{ var('lookalike_rare_percent') }} then '(rare)'
            else value_text
        end as bin

    from bounded

)

select * from named
