-- Guarantees one row per check, raw table, source system and subject, with the three commonest words that fail it.
with

{{ imports({'findings': 'int_quality__input_findings'}) }}

totals as (

    select
        check_name,
        raw_table,
        source_system,
        subject,
        cast(sum(row_count) as bigint) as row_count,
        cast(sum(failing_count) as bigint) as failing_count

    from findings

    group by check_name, raw_table, source_system, subject

    having sum(row_count) > 0

),

failing_words as (

    select
        check_name,
        raw_table,
        source_system,
        subject,
        {{ shown_word('word') }} as word,
        sum(failing_count) as failing_count

    from findings

    where failing_count > 0 and word is not null

    group by check_name, raw_table, source_system, subject, {{ shown_word('word') }}

),

ranked_words as (

    select
        *,
        row_number() over (
            partition by check_name, raw_table, source_system, subject
            order by failing_count desc, {{ by_code_point('word') }} asc
        ) as word_rank

    from failing_words

),

commonest_words as (

    select
        check_name,
        raw_table,
        source_system,
        subject,
        {%- for rank in [1, 2, 3] %}
        max(case when word_rank = {{ rank }} then word end) as word_{{ rank }},
        {%- endfor %}
        count(*) as word_count

    from ranked_words

    group by check_name, raw_table, source_system, subject

),

measures as (

    select
        totals.*,
        commonest_words.word_1
        || coalesce(', ' || commonest_words.word_2, '')
        || coalesce(', ' || commonest_words.word_3, '')
        || case
            when commonest_words.word_count > 3
                then ', and ' || cast(commonest_words.word_count - 3 as {{ dbt.type_string() }}) || ' more'
            else ''
        end as found

    from totals

    left join commonest_words
        on
            totals.check_name = commonest_words.check_name
            and totals.raw_table = commonest_words.raw_table
            and totals.source_system = commonest_words.source_system
            and totals.subject = commonest_words.subject

)

select * from measures
