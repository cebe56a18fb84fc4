{# A membership of a day is known when that day is over. So what happens from the next day on is its outcome, and what
   happened on the day itself, which may be what made the contact enter, is not. The first day of the outcome. #}
{% macro outcome_starts_on(entered_on) -%}
    {{ crm_segmentation.add_days(entered_on, 1) }}
{%- endmacro %}


{# Whether a day lies in the given number of days from the start of the outcome on. #}
{% macro in_outcome_window(day, entered_on, days) -%}
    {{ day }} >= {{ crm_segmentation.outcome_starts_on(entered_on) }} and {{ day }} <= {{ crm_segmentation.add_days(entered_on, days) }}
{%- endmacro %}


{# Whether a day is an outcome of a spell in a segment: the contact was in it when the day began. #}
{% macro in_spell(day, spells) -%}
    {{ day }} >= {{ crm_segmentation.outcome_starts_on(spells ~ '.entered_on') }}
            and ({{ spells }}.exited_on is null or {{ day }} < {{ crm_segmentation.outcome_starts_on(spells ~ '.exited_on') }})
{%- endmacro %}
