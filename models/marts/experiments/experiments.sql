{{ config(enabled=has_feature('experiments')) }}

-- Guarantees one row per experiment that somebody was assigned to, or that is declared, with the check that its split is the planned one.
with

{{ imports({'variants': 'int_experiments__variants', 'assignments': 'experiment_assignments'}) }}

declared as (

    {{ experiment_rows() | indent(4) }}

),

excluded_counts as (

    select
        experiment_name,
        count(*) as excluded_contact_count

    from assignments

    where exclusion_reason is not null

    group by experiment_name

),

variant_counts as (

    select
        experiment_name,
        variant,
        is_control,
        first_assigned_at,
        last_assigned_at,
        cast(contact_count as {{ double_type() }}) as observed_count,
        cast(weight as {{ double_type() }}) * sum(contact_count) over (partition by experiment_name)
        / sum(weight) over (partition by experiment_name) as expected_count

    from variants

),

counted as (

    select
        experiment_name,
        count(*) as variant_count,
        max(case when is_control then variant end) as control_variant,
        min(first_assigned_at) as first_assigned_at,
        max(last_assigned_at) as last_assigned_at,
        cast(sum(observed_count) as bigint) as contact_count,
        cast(count(*) - 1 as {{ dbt.type_int() }}) as degrees,
        {{ ordered_sum(
            '(observed_count - expected_count) * (observed_count - expected_count) / nullif(expected_count, 0e0)'
        ) }} as sample_ratio_chi_square

    from variant_counts

    group by experiment_name

),

experiments as (

    select
        cast(counted.experiment_name as {{ dbt.type_string() }}) as experiment_name,
        cast(declared.hypothesis as {{ dbt.type_string() }}) as hypothesis,
        cast(declared.segment_name as {{ dbt.type_string() }}) as segment_name,
        cast(coalesce(declared.assigned_by, 'source') as {{ dbt.type_string() }}) as assigned_by,
        cast(counted.control_variant as {{ dbt.type_string() }}) as control_variant,
        declared.starts_on,
        declared.ends_on,
        cast(
            coalesce(declared.minimum_contacts, {{ var('experiment_minimum_contacts') }}) as {{ dbt.type_int() }}
        ) as minimum_contact_count,
        cast(coalesce(declared.relevant_lift, {{ var('experiment_relevant_lift') }}) as numeric(9, 6)) as relevant_lift,
        cast(counted.variant_count as {{ dbt.type_int() }}) as variant_count,
        counted.contact_count,
        cast(coalesce(excluded_counts.excluded_contact_count, 0) as bigint) as excluded_contact_count,
        counted.first_assigned_at,
        counted.last_assigned_at,
        coalesce(
            {{ dbt.dateadd('day', var('experiment_window_days'), 'counted.last_assigned_at') }} <= {{ as_of_end() }}
            and coalesce(declared.ends_on, {{ as_of_date() }}) <= {{ as_of_date() }},
            false
        ) as is_complete,
        cast(counted.sample_ratio_chi_square as {{ double_type() }}) as sample_ratio_chi_square,
        cast({{ chi_square_p('counted.sample_ratio_chi_square', 'counted.degrees') }} as {{ double_type() }}) as sample_ratio_p_value,
        {{ as_of_date() }} as as_of_date

    from counted

    left join declared on counted.experiment_name = declared.experiment_name

    left join excluded_counts on counted.experiment_name = excluded_counts.experiment_name

)

select * from experiments
